// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.annotation.GlobalState;

/**
 * Waits for readers: spin, yield, then park from 10 us doubling to 1 ms. Readers never wake a waiter, so that leaving a
 * section costs no look at one; the longest park bounds what that adds to a grace period. A set interrupt flag is taken
 * off, because a park would spin with it, and {@link #restoreInterrupt} puts it back.
 */
@GlobalState
final class Backoff {
    private static final int SPINS = 64;
    private static final int YIELDS = 4;
    private static final long SHORTEST_PARK = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_PARK = TimeUnit.MILLISECONDS.toNanos(1);

    private int round;
    private boolean interrupted;

    @SuppressWarnings("ThreadPriorityCheck") // the yield is only a hint before the park, which is what is relied on
    void pause() {
        if (Steps.ENABLED && Steps.waits("rcu.wait")) {
            return;
        }
        round++;
        if (round <= SPINS) {
            Thread.onSpinWait();
        } else if (round <= SPINS + YIELDS) {
            Thread.yield();
        } else {
            int doublings = Math.min(round - SPINS - YIELDS - 1, 10);
            LockSupport.parkNanos(Math.min(SHORTEST_PARK << doublings, LONGEST_PARK));
            interrupted |= Thread.interrupted();
        }
    }

    void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
