// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A small concurrent use of the production code with an oracle.
 *
 * @param name its name, after the test of the catalogue where there is one
 * @param holds what it shows
 * @param bound the most preemptions of a schedule
 * @param passedOver points at which no other thread comes in: steps of a layer that other scenarios explore. A name that
 *     ends with {@code *} stands for all that begin so
 * @param mutants the faults that it has to find, each
 * @param build makes the threads of one schedule
 */
record Scenario(
        String name, String holds, int bound, Set<String> passedOver, List<String> mutants, Consumer<Run> build) {
    static final int BOUND = Integer.getInteger("rcublk.explore.bound", 3);

    static Scenario of(String name, String holds, Consumer<Run> build, String... mutants) {
        return new Scenario(name, holds, BOUND, Set.of(), List.of(mutants), build);
    }

    Scenario over(String... points) {
        return new Scenario(name, holds, bound, Set.of(points), mutants, build);
    }

    /** For a scenario that is too long for the usual bound; the long profile takes the usual one all the same. */
    Scenario within(int preemptions) {
        return new Scenario(
                name, holds, Integer.getInteger("rcublk.explore.bound", preemptions), passedOver, mutants, build);
    }

    boolean passesOver(String point) {
        if (passedOver.isEmpty()) {
            return false;
        }
        return passedOver.contains(point)
                || passedOver.stream()
                        .anyMatch(p -> p.endsWith("*") && point.startsWith(p.substring(0, p.length() - 1)));
    }
}
