// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.function.Supplier;

/** One kind of load. An object is used for one run. */
interface Profile {
    /**
     * A profile as the list of them has it.
     *
     * @param name {@code P1} and so on
     * @param about what it does, in a few words
     * @param needsSteps whether it stalls threads at step hooks, so that the JVM must have them switched on
     * @param kills the mutants that a run must find
     * @param create makes one for a run
     */
    record Kind(String name, String about, boolean needsSteps, List<String> kills, Supplier<Profile> create) {}

    /** Starts the threads, by {@link Run}. */
    void start(Run run);

    /** Looks at what must hold when all threads are over. Must not wait without a bound. */
    void atRest(Run run) throws Exception;
}
