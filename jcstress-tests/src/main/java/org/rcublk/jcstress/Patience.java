// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.ReadDomain;

/**
 * Bounded waits for what has to happen, so that a hang becomes an outcome. The bound is long enough for a busy machine;
 * once it was missed the verdict stands, and the other samples of the process do not wait as long again.
 */
public final class Patience {
    /** With a fault switched on it may never come; what comes late then is no false alarm. */
    private static final Duration LONG =
            Duration.ofSeconds(System.getProperty(Mutants.PROPERTY, "").isEmpty() ? 10 : 2);

    private static final Duration SHORT = Duration.ofMillis(1);

    private static volatile boolean missed;

    private Patience() {}

    /** How long to wait at most now. */
    public static Duration left() {
        return missed ? SHORT : LONG;
    }

    /** Tells that a bound was missed. */
    public static void missed() {
        missed = true;
    }

    /** Waits for a grace period; false if it did not end. */
    public static boolean synchronize(ReadDomain domain) {
        try {
            domain.synchronize(left());
            return true;
        } catch (TimeoutException e) {
            missed();
            return false;
        }
    }

    /** Waits for the releases that were retired before; false if they did not run. */
    public static boolean barrier(ReadDomain domain) {
        try {
            domain.barrier(left());
            return true;
        } catch (TimeoutException e) {
            missed();
            return false;
        }
    }

    /** Waits for a condition; false if it did not come true. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint only: the loop is what waits
    public static boolean until(BooleanSupplier condition) {
        long start = System.nanoTime();
        long nanos = left().toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > nanos) {
                missed();
                return false;
            }
            Thread.yield();
        }
        return true;
    }
}
