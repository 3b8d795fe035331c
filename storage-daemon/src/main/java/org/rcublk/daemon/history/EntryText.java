// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rcublk.graph.PhaseTimes;
import org.rcublk.history.HistoryEntry;
import org.rcublk.history.HistoryEntry.Changes;

/** Entries in words. */
final class EntryText {
    /** Over the columns of {@link #line}. Times are in milliseconds. */
    static final String HEADING = "VERSION    TIME (UTC)               KIND      GATED ms  GRACE ms  WHAT";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final double NANOS_A_MILLI = 1e6;
    private static final int MOST_NAMES = 8;

    private EntryText() {}

    /** One line for a list. */
    static String line(HistoryEntry entry) {
        boolean ownVersion = entry.kind() != HistoryEntry.Kind.END;
        String line = String.format(
                Locale.ROOT,
                "%-10s %-24s %-8s %9s %9s  %s",
                ownVersion ? entry.address() : entry.run() + ":-",
                time(entry.time()),
                kind(entry),
                millis(entry.times().gatedNanos()),
                millis(entry.times().drainNanos()),
                plain(entry.description()));
        String changes = changes(entry.changes());
        String gap = entry.missing() == 0 ? "" : "  (" + entry.missing() + " versions before it were not recorded)";
        return line + (changes.isEmpty() ? "" : "  [" + changes + "]") + gap;
    }

    /** All that is told of one. */
    static List<String> lines(HistoryEntry entry) {
        List<String> lines = new ArrayList<>();
        lines.add("version " + title(entry));
        PhaseTimes times = entry.times();
        if (!times.equals(PhaseTimes.NONE)) {
            lines.add("  flush " + millis(times.flushNanos()) + " ms, gate " + millis(times.gateNanos())
                    + " ms, grace period " + millis(times.drainNanos()) + " ms, commit "
                    + millis(times.commitNanos()) + " ms; requests kept out for " + millis(times.gatedNanos()) + " ms");
        }
        String changes = changes(entry.changes());
        if (!changes.isEmpty()) {
            lines.add("  changed: " + changes);
        }
        if (entry.missing() > 0) {
            lines.add("  " + entry.missing() + " versions before it were not recorded");
        }
        return lines;
    }

    /** The address, the time and the reason. */
    static String title(HistoryEntry entry) {
        return entry.address() + " of " + time(entry.time()) + " UTC, " + kind(entry) + ": "
                + plain(entry.description());
    }

    private static String kind(HistoryEntry entry) {
        return entry.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_A_MILLI);
    }

    /** One line, whatever a file holds. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String changes(Changes changes) {
        List<String> words = new ArrayList<>();
        add(words, "+", changes.nodesAdded(), "");
        add(words, "-", changes.nodesRemoved(), "");
        add(words, "~", changes.nodesChanged(), "");
        add(words, "+", changes.rootsAdded(), "root ");
        add(words, "-", changes.rootsRemoved(), "root ");
        add(words, "~", changes.rootsChanged(), "root ");
        return String.join(" ", words);
    }

    private static void add(List<String> words, String sign, List<String> names, String what) {
        names.stream().limit(MOST_NAMES).forEach(name -> words.add(sign + what + plain(name)));
        if (names.size() > MOST_NAMES) {
            words.add(sign + what + "and " + (names.size() - MOST_NAMES) + " more");
        }
    }
}
