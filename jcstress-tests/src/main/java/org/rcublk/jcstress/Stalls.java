// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rcublk.rcu.Steps;

/**
 * Holds threads at steps of the production code, so that an interleaving that is one in millions by itself is met in
 * every run. Does nothing unless the JVM was started with step hooks on. Every wait is bounded: what is waited for may
 * not come in this sample.
 */
public final class Stalls {
    private static final int LONGEST = 2_000;
    private static final int PATIENCE = 20_000;

    private Stalls() {}

    /** Calls the hook at each step, on the thread that takes it. */
    public static void install(Consumer<String> hook) {
        if (Steps.ENABLED) {
            Steps.install(hook);
        }
    }

    /** Waits for something that another actor of the same state does. */
    public static void await(BooleanSupplier condition) {
        for (int i = 0; i < PATIENCE && !condition.getAsBoolean(); i++) {
            Thread.onSpinWait();
        }
    }

    /** As {@link #await}, under step hooks only. */
    public static void awaitUnderSteps(BooleanSupplier condition) {
        if (Steps.ENABLED) {
            await(condition);
        }
    }

    /** Prolongs whatever the thread is in by a random short while, under step hooks only. */
    public static void hold() {
        if (Steps.ENABLED) {
            int rounds = ThreadLocalRandom.current().nextInt(LONGEST);
            for (int i = 0; i < rounds; i++) {
                Thread.onSpinWait();
            }
        }
    }
}
