// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/**
 * Compiles what a root's I/O follows: direct references in place of look-ups by name.
 *
 * <p>Called by whoever publishes a version, once for each route that the version changes, and once more for each
 * attempt that another publication beats. So it is pure: it opens nothing, waits for nothing and changes nothing that
 * anyone else sees. What it throws aborts the change, and nothing is published (guarantee E).
 *
 * @param <P> the plan; immutable, since any number of readers follow it at once
 */
@FunctionalInterface
public interface PlanFactory<P> {

    /**
     * The plan of a root in a graph.
     *
     * @param root the root, which is in the graph
     * @param graph the graph that is about to be published
     * @return the plan
     */
    @GlobalState
    P compile(GraphRoot root, BlockGraph graph);

    /**
     * The size of the disk that a plan presents. A change that gives a root another one needs the root to share
     * {@link Permission#RESIZE}.
     *
     * @param plan made by this factory
     * @return bytes, or -1 if plans have none
     */
    @AnyThread
    default long size(P plan) {
        return -1;
    }
}
