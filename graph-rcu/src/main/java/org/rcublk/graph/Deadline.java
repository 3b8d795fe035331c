// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.annotation.GlobalState;
import org.rcublk.rcu.Steps;

/**
 * The time that one call of the control path may take, and how it waits meanwhile. Waits are not interruptible: an
 * interrupt is remembered and restored by {@link #close}. Confined to the calling thread.
 */
@GlobalState
final class Deadline implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final long SHORTEST_PARK = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_PARK = TimeUnit.MILLISECONDS.toNanos(1);

    private final Duration patience;
    private final long end;
    private long park = SHORTEST_PARK;
    private boolean interrupted;

    Deadline(Duration patience) {
        this.patience = patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
        this.end = System.nanoTime() + this.patience.toNanos();
    }

    Duration patience() {
        return patience;
    }

    /** The end as a value of {@link System#nanoTime}. */
    long nanoTime() {
        return end;
    }

    boolean passed() {
        return System.nanoTime() - end >= 0;
    }

    /** Parks for a while that grows from call to call, up to 1 ms; false when the deadline has passed. */
    boolean pause() {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        interrupted |= Thread.interrupted();
        if (Steps.ENABLED && Steps.waits("graph.wait")) {
            return true;
        }
        LockSupport.parkNanos(this, Math.min(park, left));
        park = Math.min(park * 2, LONGEST_PARK);
        return true;
    }

    /** Waits for an outcome; false when the deadline passed first. */
    boolean await(CompletableFuture<?> outcome) throws ExecutionException {
        while (true) {
            try {
                outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
