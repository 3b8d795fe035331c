// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.time.Instant;
import java.util.List;
import org.rcublk.graph.PhaseTimes;

/**
 * What the history tells of one record, without the graph. A value.
 *
 * @param run the run of the daemon, from 1
 * @param record the record's number within the run, from 0
 * @param kind what happened
 * @param version the version's number; of the version in service for a start or an end
 * @param time when it happened, by the wall clock
 * @param description the change, in a few words
 * @param times how long its phases took
 * @param missing how many versions just before this one were not recorded
 * @param changes what differs from the record before
 */
public record HistoryEntry(
        int run,
        long record,
        Kind kind,
        long version,
        Instant time,
        String description,
        PhaseTimes times,
        long missing,
        Changes changes) {

    /** What a record tells of. */
    public enum Kind {
        /** The daemon started; the record holds the version that it started from. */
        START,
        /** Gates were placed. */
        GATE,
        /** The graph changed. */
        CHANGE,
        /** Gates were taken off without a change. */
        RELEASE,
        /** The daemon ended in order; a run without such a record goes on or crashed. */
        END;

        /** Whether a record of this kind holds a version of its own, that can be shown. */
        boolean hasVersion() {
            return this != END;
        }
    }

    /**
     * Names of what differs. A node whose edges differ counts as changed.
     *
     * @param nodesAdded nodes that were not there
     * @param nodesRemoved nodes that are not there any more
     * @param nodesChanged nodes that are described otherwise
     * @param rootsAdded roots that were not there
     * @param rootsRemoved roots that are not there any more
     * @param rootsChanged roots that are described otherwise
     */
    public record Changes(
            List<String> nodesAdded,
            List<String> nodesRemoved,
            List<String> nodesChanged,
            List<String> rootsAdded,
            List<String> rootsRemoved,
            List<String> rootsChanged) {
        /** Nothing differs. */
        public static final Changes NONE =
                new Changes(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        /** Copies the lists. */
        public Changes {
            nodesAdded = List.copyOf(nodesAdded);
            nodesRemoved = List.copyOf(nodesRemoved);
            nodesChanged = List.copyOf(nodesChanged);
            rootsAdded = List.copyOf(rootsAdded);
            rootsRemoved = List.copyOf(rootsRemoved);
            rootsChanged = List.copyOf(rootsChanged);
        }
    }

    /**
     * How the record is named on a command line.
     *
     * @return the run, a colon and the version
     */
    public String address() {
        return run + ":" + version;
    }
}
