// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rcublk.annotation.AnyThread;

/**
 * Who holds a read section open, for a stall report.
 *
 * @param thread the name of the thread (of an IOThread) that the section belongs to
 * @param place what the section is in: root and node for a request of the block layer
 * @param operation what it does there, in words
 * @param ageNanos how long it has been open, in nanoseconds; -1 if that is not known
 * @param site where it was submitted or begun, innermost frame first; empty unless that was recorded ({@link DebugMode})
 */
@AnyThread
public record SectionHolder(
        String thread, String place, String operation, long ageNanos, List<StackTraceElement> site) {
    /** Copies the frames. */
    public SectionHolder {
        site = List.copyOf(site);
    }

    /**
     * One line for a log.
     *
     * @return operation, place, thread, age in milliseconds, and the site if there is one
     */
    public String describe() {
        String age = ageNanos < 0 ? "" : ", for " + TimeUnit.NANOSECONDS.toMillis(ageNanos) + " ms";
        return operation + " in " + place + " on " + thread + age + CallSite.describe(site);
    }
}
