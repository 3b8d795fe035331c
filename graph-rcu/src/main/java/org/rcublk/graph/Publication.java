// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * What was published, and how long it took. A value.
 *
 * @param version the version's number
 * @param kind why it was published
 * @param description the change, in a few words
 * @param times the times up to this publication
 * @param graph the version's graph; it holds on to every node that it describes
 * @param gated the names of the nodes on which a gate holds in this version
 */
@AnyThread
public record Publication(
        long version, Kind kind, String description, PhaseTimes times, BlockGraph graph, Set<String> gated) {

    /** Why a version was published. */
    public enum Kind {
        /** Gates were placed; the graph is the one before. */
        GATE,
        /** The graph changed, and the change's gates are off. */
        CHANGE,
        /** Gates were taken off without a change: a drain's end or an abort. */
        RELEASE
    }
}
