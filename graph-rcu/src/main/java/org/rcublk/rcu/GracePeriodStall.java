// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/**
 * A grace period that has run for longer than its domain's threshold.
 *
 * @param domain the domain's name
 * @param cookie the grace period: reports with the same cookie are of the same one
 * @param report 1 for its first report, then counting up
 * @param ageNanos how long it has run, in nanoseconds
 * @param openSections how many sections the domain has open, later ones included
 * @param holders who holds sections open, oldest first as far as that is known; empty if nobody could tell
 */
@AnyThread
public record GracePeriodStall(
        String domain, long cookie, int report, long ageNanos, long openSections, List<SectionHolder> holders) {
    private static final int NAMED = 8;

    /** Copies the holders. */
    public GracePeriodStall {
        holders = List.copyOf(holders);
    }

    /**
     * The report in one line.
     *
     * @return what is stalled, for how long, and by whom
     */
    public String describe() {
        String more = holders.size() > NAMED ? "; and " + (holders.size() - NAMED) + " more" : "";
        String known = holders.isEmpty()
                ? ""
                : holders.stream()
                        .limit(NAMED)
                        .map(SectionHolder::describe)
                        .collect(Collectors.joining("; ", "; known of them: ", more));
        // Sources name requests, which may hold several sections or be recorded by the debug mode as well.
        String hint = holders.size() >= openSections || CallSite.RECORDED
                ? ""
                : "; -D" + DebugMode.PROPERTY + "=sampled or all records who begins sections";
        String who = known + hint;
        return "domain " + domain + ": a grace period has been waiting for "
                + TimeUnit.NANOSECONDS.toMillis(ageNanos) + " ms (report " + report + "), " + openSections
                + " read sections are open" + who;
    }
}
