// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress;

import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.rcublk.rcu.Steps;

/**
 * Holds a thread at a step of the production code for a random short while, so that an interleaving that is one in
 * millions by itself is met in every run. Does nothing unless the JVM was started with step hooks on.
 */
public final class Stalls {
    private static final int LONGEST = 2_000;

    private Stalls() {}

    public static void install(String... points) {
        if (Steps.ENABLED) {
            Set<String> places = Set.of(points);
            Steps.install(reached -> {
                if (places.contains(reached)) {
                    spin();
                }
            });
        }
    }

    /** Prolongs a section, under step hooks only. */
    public static void hold() {
        if (Steps.ENABLED) {
            spin();
        }
    }

    private static void spin() {
        int rounds = ThreadLocalRandom.current().nextInt(LONGEST);
        for (int i = 0; i < rounds; i++) {
            Thread.onSpinWait();
        }
    }
}
