// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.function.Consumer;

/**
 * Step hooks: named places in the production code where a test may hold a thread to force a rare interleaving. They
 * cost nothing unless the JVM was started with {@code -Drcublk.steps=true}: {@link #ENABLED} is a constant, and callers
 * write {@code if (Steps.ENABLED) Steps.reach("...")}.
 */
public final class Steps {
    /** Whether hooks are compiled in. */
    public static final boolean ENABLED = Boolean.getBoolean("rcublk.steps");

    private static volatile Consumer<String> hook = point -> {};

    private Steps() {}

    /**
     * Installs the hook that is called at each step, on the thread that takes the step.
     *
     * @param newHook called with the point's name; must not throw
     */
    public static void install(Consumer<String> newHook) {
        hook = newHook;
    }

    /**
     * Reports that the calling thread reached a point.
     *
     * @param point the point's name
     */
    public static void reach(String point) {
        hook.accept(point);
    }
}
