// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.Mutants;

/**
 * Whether a flush of a node has anything to do: how many writes have completed, and how many of them the last successful
 * flush covers. One for each node identity, shared by all versions.
 *
 * <h2>What is promised</h2>
 * {@link #clean} is true only if each write that was acknowledged before the call is covered by a flush of the driver that
 * has succeeded (guarantee K, hazard H19). Why:
 * <ol>
 *   <li>A write is counted after the driver has completed it and before anybody hears of that. So who submits a flush
 *       because he has seen the acknowledgement has the count happen before the flush's look at it.
 *   <li>Each count only grows, and is written by one IOThread. A flush F takes the sum of all counts ({@link #mark}) before
 *       it goes to the driver: all that is in the sum was complete when the driver began, so it covers it.
 *   <li>After F has succeeded, {@link #covered} stores its sum, as a release. A later flush G loads it, as an acquire,
 *       <em>before</em> it sums up: each count that G reads is no smaller than the one that F read. If the sums are equal,
 *       so is each count: G sees no write that F did not see, and by 1 it sees every write acknowledged before it.
 * </ol>
 * The other way round, sum first, the 3rd step fails: sums of two different sets of writes may be equal.
 *
 * <p>Nothing is covered at first: what was written before the node was opened is not known here. A flush that failed counts
 * as a write, so that the next one goes to the driver whatever ran beside it. The control path flushes the driver itself and
 * neither asks nor tells this class; it is never fooled, and at worst a flush is made for nothing.
 *
 * <h2>Access</h2>
 * <pre>
 * stripe     written by the IOThread of its reader index: plain load, release store; summed by opaque-or-stronger loads
 * chunk      made by compare-and-set when an IOThread first comes; never replaced
 * covered    release store of the larger of two (compare-and-set); acquire load, which pairs with it
 * </pre>
 * A stripe has two cache lines to itself. Reader indices past the last chunk share one atomic count.
 */
final class FlushGenerations {
    private static final boolean MARK_LATE = Mutants.on("io-flush-marks-late");

    private static final int STRIDE = 16;
    private static final int STRIPES = 16;
    private static final int CHUNKS = 64;
    private static final long NOTHING = -1;

    private final AtomicReferenceArray<AtomicLongArray> chunks = new AtomicReferenceArray<>(CHUNKS);
    private final AtomicLong others = new AtomicLong();
    private final AtomicLong covered = new AtomicLong(NOTHING);

    @AnyThread
    FlushGenerations() {}

    /** Makes what {@link #completed} needs, which must not fail. Before the write goes to the driver. */
    @IoThreadOnly
    void prepare(int reader) {
        int chunk = reader / STRIPES;
        if (chunk < CHUNKS && chunks.get(chunk) == null) {
            chunks.compareAndSet(chunk, null, new AtomicLongArray(STRIPES * STRIDE));
        }
    }

    /** The driver has completed a write, well or not; nobody has heard of it yet. */
    @IoThreadOnly
    void completed(int reader) {
        int chunk = reader / STRIPES;
        if (chunk >= CHUNKS) {
            others.getAndIncrement();
            return;
        }
        AtomicLongArray stripes = chunks.get(chunk);
        int at = reader % STRIPES * STRIDE;
        stripes.setRelease(at, stripes.getPlain(at) + 1);
    }

    /** What a flush that goes to the driver now covers if it succeeds. Never negative. */
    @AnyThread
    long mark() {
        return MARK_LATE ? NOTHING : sum();
    }

    /** The flush of a mark has succeeded. */
    @AnyThread
    void covered(long mark) {
        long now = MARK_LATE ? sum() : mark; // of a negative control
        long before = covered.getPlain();
        while (now > before && !covered.weakCompareAndSetRelease(before, now)) {
            before = covered.getPlain();
        }
    }

    /** A flush has failed: what it was to cover is not. */
    @IoThreadOnly
    void failed(int reader) {
        completed(reader);
    }

    /** Whether a flush of the driver would make nothing more durable than it is. */
    @AnyThread
    boolean clean() {
        long flushed = covered.getAcquire(); // before the sum: see above
        return flushed == sum();
    }

    @AnyThread
    private long sum() {
        long sum = others.get();
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            AtomicLongArray stripes = chunks.get(chunk);
            for (int at = 0; stripes != null && at < STRIPES * STRIDE; at += STRIDE) {
                sum += stripes.getAcquire(at);
            }
        }
        return sum;
    }
}
