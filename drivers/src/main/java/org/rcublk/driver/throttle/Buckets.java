// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Request;

/**
 * The buckets of a throttle: which of them a request is poured into, and how many units it has there. A throttle that is
 * reopened with other limits begins with empty ones.
 */
final class Buckets implements NodeSettings {
    private static final LeakyBucket[] NONE = {};

    private final long iopsSize;
    private final LeakyBucket[] readRequests;
    private final LeakyBucket[] writeRequests;
    private final LeakyBucket[] readBytes;
    private final LeakyBucket[] writeBytes;

    @AnyThread
    Buckets(ThrottleLimits limits) {
        iopsSize = limits.iopsSize();
        LeakyBucket[] requests = of(limits.iopsTotal());
        readRequests = limits.iopsTotal().limits() ? requests : of(limits.iopsRead());
        writeRequests = limits.iopsTotal().limits() ? requests : of(limits.iopsWrite());
        LeakyBucket[] bytes = of(limits.bpsTotal());
        readBytes = limits.bpsTotal().limits() ? bytes : of(limits.bpsRead());
        writeBytes = limits.bpsTotal().limits() ? bytes : of(limits.bpsWrite());
    }

    @AnyThread
    private static LeakyBucket[] of(ThrottleLimit limit) {
        if (!limit.limits()) {
            return NONE;
        }
        List<LeakyBucket> buckets = new ArrayList<>();
        buckets.add(LeakyBucket.average(limit));
        if (limit.burstSeconds() > 1) {
            buckets.add(LeakyBucket.burst(limit));
        }
        return buckets.toArray(LeakyBucket[]::new);
    }

    /** Accounts for a request, and says when it may run: at or before now if at once. */
    @IoThreadOnly
    long take(Request request, long now) {
        return request.op() == BlockOp.FLUSH
                ? now // moves no data, and waiting for it would only delay what its sender wants durable
                : take(request.op().modifies(), request.length(), now);
    }

    @IoThreadOnly
    long take(boolean write, long bytes, long now) {
        double requests = iopsSize > 0 && bytes > iopsSize ? (double) bytes / iopsSize : 1;
        long start = take(write ? writeRequests : readRequests, requests, now, now);
        return take(write ? writeBytes : readBytes, (double) bytes, now, start);
    }

    @IoThreadOnly
    private static long take(LeakyBucket[] buckets, double units, long now, long start) {
        long latest = start;
        for (LeakyBucket bucket : buckets) {
            latest = Math.max(latest, bucket.take(units, now));
        }
        return latest;
    }
}
