// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.Steps;

/** Holds threads at step hooks, at random. */
final class Stalls {
    /**
     * How a point stalls.
     *
     * @param oneIn how often: once in so many visits
     * @param longestNanos each stall is up to so long, short ones as likely as long ones
     */
    record Rule(int oneIn, long longestNanos) {}

    private static final long SPIN_BELOW = 20_000;

    private final ThreadLocal<SplittableRandom> randoms;
    private final Map<String, Rule> rules;

    Stalls(Run run, Map<String, Rule> rules) {
        this.rules = rules;
        this.randoms = ThreadLocal.withInitial(run::random);
    }

    void install() {
        Steps.install(this::reached);
    }

    static void remove() {
        Steps.install(point -> {});
    }

    private void reached(String point) {
        Rule rule = rules.get(point);
        if (rule != null) {
            SplittableRandom random = randoms.get();
            if (random.nextInt(rule.oneIn) == 0) {
                upTo(random, rule.longestNanos);
            }
        }
    }

    /** A pause whose logarithm is spread evenly: short races need short stalls, and long ones long stalls. */
    static void upTo(SplittableRandom random, long longestNanos) {
        long nanos = (long) Math.exp(random.nextDouble() * Math.log((double) longestNanos));
        long end = System.nanoTime() + nanos;
        if (nanos >= SPIN_BELOW) {
            LockSupport.parkNanos(nanos - SPIN_BELOW);
        }
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
