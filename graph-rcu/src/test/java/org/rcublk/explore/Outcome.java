// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import org.jspecify.annotations.Nullable;

/**
 * What an exploration found.
 *
 * @param scenario what was explored
 * @param schedules how many schedules were run, at the last bound
 * @param bound the bound of preemptions that was explored last
 * @param steps the steps of the failing schedule, or of the longest
 * @param nanos how long it took, all bounds together
 * @param failure what was violated, or null
 * @param schedule the failing schedule, for a replay
 * @param trace the failing schedule, in words
 */
record Outcome(
        Scenario scenario,
        long schedules,
        int bound,
        long steps,
        long nanos,
        @Nullable Throwable failure,
        String schedule,
        String trace) {

    String describe() {
        String head = "%-16s %8d schedules, bound %d, at most %d steps, %6.2f s"
                .formatted(scenario.name(), schedules, bound, steps, nanos / 1e9);
        return failure == null
                ? head
                : head + "\n  VIOLATED " + scenario.holds() + "\n  " + failure + at(failure) + "\n  replay: --replay "
                        + scenario.name() + " " + schedule + "\n" + trace;
    }

    private static String at(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return frames.length < 2 ? "" : "\n    at " + frames[0] + "\n    at " + frames[1];
    }
}
