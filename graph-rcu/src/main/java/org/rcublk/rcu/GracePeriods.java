// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The grace periods of one domain as a state machine that any thread may advance without waiting: idle, scan of the
 * rank that new readers do not use, flip, scan of the rank that they have just left.
 *
 * <p>{@code sequence} is even when idle and odd while a grace period runs; {@code requested} is the largest cookie that
 * somebody asked for. Both are volatile, so a cookie that was read after a publication belongs to a grace period whose
 * scans come after that publication in the total order of volatile accesses. One thread at a time steps the machine
 * ({@code stepper}, taken by compare-and-set and never waited for); the plain fields are handed over through it.
 *
 * <p>Safety needs both scans: a reader that loaded the rank and was held up for a whole grace period counts itself in
 * the rank that is by then inactive, so "the inactive rank is empty" can never be assumed. The flip gives progress:
 * without it a stream of new readers could keep the scanned rank busy for ever.
 */
final class GracePeriods {
    private static final boolean ONE_SCAN = Mutants.on("rcu-one-scan");
    private static final boolean COOKIE_RIDES = Mutants.on("rcu-cookie-rides");

    private static final int IDLE = 0;
    private static final int SCAN_INACTIVE = 1;
    private static final int SCAN_LEFT = 2;

    private static final VarHandle RANK;
    private static final VarHandle STEPPER;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RANK = lookup.findVarHandle(GracePeriods.class, "rank", int.class);
            STEPPER = lookup.findVarHandle(GracePeriods.class, "stepper", int.class);
            REQUESTED = lookup.findVarHandle(GracePeriods.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SlotTable slots;
    private final RetireQueue retired;
    private volatile int rank;
    private volatile int stepper;
    private volatile long sequence;
    private volatile long requested;
    private volatile long lastNanos;

    // Owned by whoever holds the stepper.
    private int stage = IDLE;
    private long startedNanos;

    GracePeriods(SlotTable slots, RetireQueueFactory queue) {
        this.slots = slots;
        this.retired = queue.create(this::elapsed);
    }

    /** Ties the knot between the queue, which asks whether a cookie has elapsed, and this machine, which kicks it. */
    @FunctionalInterface
    interface RetireQueueFactory {
        RetireQueue create(java.util.function.LongPredicate elapsed);
    }

    RetireQueue retired() {
        return retired;
    }

    /** The rank for new sections. May be stale: both ranks are scanned, so a stale rank is safe. */
    int rank() {
        return (int) RANK.getOpaque(this);
    }

    boolean elapsed(long cookie) {
        return sequence >= cookie;
    }

    boolean idle() {
        return sequence >= requested;
    }

    long lastNanos() {
        return lastNanos;
    }

    /**
     * Asks for the first grace period that starts after now. One that runs already does not count: it may have scanned
     * past a reader that this caller's publication must wait for.
     */
    long request() {
        VarHandle.fullFence();
        long now = sequence;
        long cookie = COOKIE_RIDES ? (now + 1 + 1) & ~1L : (now + 3) & ~1L;
        long asked = requested;
        while (asked < cookie && !REQUESTED.weakCompareAndSet(this, asked, cookie)) {
            asked = requested;
        }
        return cookie;
    }

    /** Advances as far as readers allow, without waiting. */
    void step() {
        do {
            if (stepper != 0 || !STEPPER.compareAndSet(this, 0, 1)) {
                return;
            }
            try {
                advance();
            } finally {
                stepper = 0;
            }
            // A request that came while we held the stepper was perhaps refused it: look again after letting go.
        } while (stage() == IDLE && !idle());
        retired.kick();
    }

    private int stage() {
        return (sequence & 1) == 0 ? IDLE : SCAN_LEFT;
    }

    private void advance() {
        while (true) {
            switch (stage) {
                case IDLE -> {
                    if (idle()) {
                        return;
                    }
                    startedNanos = System.nanoTime();
                    nextSequence();
                    VarHandle.fullFence();
                    stage = ONE_SCAN ? flip() : SCAN_INACTIVE;
                }
                case SCAN_INACTIVE -> {
                    if (!slots.quiet(1 - rank)) {
                        return;
                    }
                    stage = flip();
                }
                default -> {
                    if (!slots.quiet(1 - rank)) {
                        return;
                    }
                    lastNanos = System.nanoTime() - startedNanos;
                    stage = IDLE;
                    nextSequence();
                }
            }
        }
    }

    /** Only the holder of the stepper writes it. */
    private void nextSequence() {
        long before = sequence;
        sequence = before + 1;
    }

    private int flip() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.before-flip");
        }
        int left = rank;
        rank = 1 - left;
        return SCAN_LEFT;
    }
}
