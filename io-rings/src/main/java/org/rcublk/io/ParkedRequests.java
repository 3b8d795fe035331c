// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;

/** The requests of a queue that wait at a gate, in order. Its IOThread's; reports read the counts opaquely, a moment late. */
final class ParkedRequests {
    private final RequestList list = new RequestList();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong total = new AtomicLong();

    @AnyThread
    ParkedRequests() {}

    @IoThreadOnly
    void add(Request request) {
        list.add(request);
        count.setOpaque(count.getPlain() + 1);
        total.setOpaque(total.getPlain() + 1);
    }

    @Nullable
    @IoThreadOnly
    Request remove() {
        count.setOpaque(count.getPlain() - 1);
        return list.remove();
    }

    @AnyThread
    int count() {
        return count.getOpaque();
    }

    /** How many were ever added, as far as they count. */
    @AnyThread
    long total() {
        return total.getOpaque();
    }

    @IoThreadOnly
    void total(long corrected) {
        total.setOpaque(corrected);
    }
}
