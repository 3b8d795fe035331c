// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import org.rcublk.annotation.AnyThread;

/**
 * The limits of a throttle, as QEMU's {@code limits} has them. The constructor refuses what contradicts itself, and
 * blames it by the names of the options.
 *
 * @param iopsTotal requests; excludes the next two
 * @param iopsRead reads
 * @param iopsWrite writes, discards and zeroes
 * @param bpsTotal bytes; excludes the next two
 * @param bpsRead bytes that are read
 * @param bpsWrite bytes that are written, discarded and zeroed
 * @param iopsSize a request of more bytes counts as so many requests of this size; 0 if each counts as one
 */
@AnyThread
public record ThrottleLimits(
        ThrottleLimit iopsTotal,
        ThrottleLimit iopsRead,
        ThrottleLimit iopsWrite,
        ThrottleLimit bpsTotal,
        ThrottleLimit bpsRead,
        ThrottleLimit bpsWrite,
        long iopsSize) {
    /** No limit at all. */
    public static final ThrottleLimits NONE = new ThrottleLimits(
            ThrottleLimit.NONE,
            ThrottleLimit.NONE,
            ThrottleLimit.NONE,
            ThrottleLimit.NONE,
            ThrottleLimit.NONE,
            ThrottleLimit.NONE,
            0);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if they contradict each other; the message is one line for the user
     */
    public ThrottleLimits {
        iopsTotal.check("limits.iops-total");
        iopsRead.check("limits.iops-read");
        iopsWrite.check("limits.iops-write");
        bpsTotal.check("limits.bps-total");
        bpsRead.check("limits.bps-read");
        bpsWrite.check("limits.bps-write");
        totalOrParts("limits.iops", iopsTotal, iopsRead, iopsWrite);
        totalOrParts("limits.bps", bpsTotal, bpsRead, bpsWrite);
        if (iopsSize < 0) {
            throw new IllegalArgumentException("limits.iops-size is " + iopsSize + ": it is a number of bytes");
        }
        if (iopsSize > 0 && !iopsTotal.limits() && !iopsRead.limits() && !iopsWrite.limits()) {
            throw new IllegalArgumentException(
                    "limits.iops-size needs a limit of requests: give limits.iops-total, -read or -write too");
        }
    }

    private static void totalOrParts(String kind, ThrottleLimit total, ThrottleLimit read, ThrottleLimit write) {
        if (total.limits() && (read.limits() || write.limits())) {
            throw new IllegalArgumentException(
                    kind + "-total excludes " + kind + "-read and " + kind + "-write: give the one or the others");
        }
    }

    /**
     * A limit of all requests, whatever they do.
     *
     * @param limit requests a second
     * @return the limits
     */
    public static ThrottleLimits iops(ThrottleLimit limit) {
        ThrottleLimit none = ThrottleLimit.NONE;
        return new ThrottleLimits(limit, none, none, none, none, none, 0);
    }

    /**
     * A limit of all bytes.
     *
     * @param limit bytes a second
     * @return the limits
     */
    public static ThrottleLimits bps(ThrottleLimit limit) {
        ThrottleLimit none = ThrottleLimit.NONE;
        return new ThrottleLimits(none, none, none, limit, none, none, 0);
    }
}
