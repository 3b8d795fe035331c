// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;

/**
 * A leaky bucket in one word: the time at which it will have run empty, if nothing more is poured in (the "theoretical
 * arrival time" of the generic cell rate algorithm). The level at a time is what is left of that time, times the rate.
 *
 * <h2>Design</h2>
 * A request pours its units in at once, whether it may run or has to wait, and is told when it may run: when the level
 * before it has sunk to the bucket's room. So the word is a queue as well: requests run in the order of their exchanges,
 * on whichever IOThreads they are, and no IOThread can starve another. Nobody has to take anything back: a request that
 * is let go before its time has been paid for, and what comes after it pays by waiting, so the rate holds in the long run.
 *
 * <h2>Invariants</h2>
 * The word never goes back. Over any time t, the requests whose time to run falls into it have at most room + rate * t
 * units, plus those of one request: costs are rounded up to a nanosecond.
 *
 * <h2>Access</h2>
 * Compare-and-set in a loop: lock-free, since one that fails was beaten by another's. Only the word's atomicity is
 * needed; it orders nothing else. The word has a cache line to itself, in the middle of an array.
 *
 * <p>References: ITU-T I.371 (GCRA); QEMU's throttle for what the numbers mean.
 */
final class LeakyBucket {
    private static final int LINE = 16; // longs: two cache lines, since processors fetch pairs
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = Long.MAX_VALUE / 4; // so that no sum of two times wraps

    private final AtomicLongArray word = new AtomicLongArray(2 * LINE + 1);
    private final double nanosPerUnit;
    private final long roomNanos;

    @AnyThread
    private LeakyBucket(double rate, double room) {
        this.nanosPerUnit = SECOND / rate;
        this.roomNanos = nanos(room * nanosPerUnit);
    }

    /** Keeps to the average, after a burst if the limit has one. */
    @AnyThread
    static LeakyBucket average(ThrottleLimit limit) {
        double room = limit.burst() == 0 ? limit.average() / 10.0 : (double) limit.burst() * limit.burstSeconds();
        return new LeakyBucket((double) limit.average(), room);
    }

    /** Keeps a burst of more than a second to its rate. */
    @AnyThread
    static LeakyBucket burst(ThrottleLimit limit) {
        return new LeakyBucket((double) limit.burst(), limit.burst() / 10.0);
    }

    @AnyThread
    private static long nanos(double exact) {
        return Math.min(LONGEST, (long) exact); // the cast saturates
    }

    /**
     * Pours units in.
     *
     * @param now nanoseconds, from 0 up
     * @return when what they stand for may run; at or before now if at once
     */
    @IoThreadOnly
    long take(double units, long now) {
        long cost = nanos(Math.ceil(units * nanosPerUnit));
        long empty;
        long later;
        do {
            empty = word.get(LINE);
            later = Math.min(LONGEST, Math.max(empty, now) + cost);
        } while (!word.compareAndSet(LINE, empty, later));
        return empty - roomNanos;
    }
}
