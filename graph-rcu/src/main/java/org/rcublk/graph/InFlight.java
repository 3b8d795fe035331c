// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.List;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.CallSite;
import org.rcublk.rcu.SectionHolder;

/**
 * A request in flight, as a message shows it. A value; it holds on to nothing.
 *
 * @param ioThread the thread that owns the request
 * @param root the root that it entered by
 * @param node the node that it waits in
 * @param operation what it does, {@code read} say
 * @param ageNanos how long it has been in flight
 * @param offset the first byte that it concerns
 * @param length how many bytes it concerns
 * @param site where it was submitted, innermost frame first; empty unless that was recorded
 *     ({@link org.rcublk.rcu.DebugMode})
 */
@AnyThread
public record InFlight(
        String ioThread,
        String root,
        String node,
        String operation,
        long ageNanos,
        long offset,
        long length,
        List<StackTraceElement> site) {
    /** Copies the frames. */
    public InFlight {
        site = List.copyOf(site);
    }

    /**
     * The request as a holder of its root's grace periods.
     *
     * @return thread, place, operation, age and site
     */
    public SectionHolder holder() {
        return new SectionHolder(
                ioThread,
                "node '" + node + "' for root '" + root + "'",
                operation + " of " + length + " bytes at " + offset,
                ageNanos,
                site);
    }

    /**
     * The request in one line, for a message.
     *
     * @return operation, range, node, root, thread and age
     */
    public String describe() {
        return operation + " of " + length + " bytes at " + offset + " in node '" + node + "' for root '" + root
                + "' on " + ioThread + ", " + (ageNanos / 1_000_000) + " ms old" + CallSite.describe(site);
    }
}
