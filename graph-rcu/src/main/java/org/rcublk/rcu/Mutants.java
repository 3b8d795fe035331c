// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.Arrays;
import org.rcublk.annotation.AnyThread;

/**
 * Deliberate faults for negative controls. A class under test reads a fault once into a {@code private static final
 * boolean}, so that the compiler removes the faulty branch from every ordinary run; a test switches it on with the
 * system property {@value #PROPERTY} (names separated by commas) and must then see the forbidden outcome.
 */
@AnyThread
public final class Mutants {
    /** The system property that names the faults to switch on. */
    public static final String PROPERTY = "rcublk.mutants";

    private Mutants() {}

    /**
     * Tells whether a fault is switched on in this process.
     *
     * @param name the fault's name
     * @return true if {@value #PROPERTY} lists it
     */
    public static boolean on(String name) {
        return Arrays.asList(System.getProperty(PROPERTY, "").split(",", -1)).contains(name);
    }
}
