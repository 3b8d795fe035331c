// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import java.util.List;
import org.rcublk.annotation.AnyThread;

/**
 * A change of the graph: a pure function from one graph to the next. What kind it is, is its type and not a flag that a
 * caller could forget: a {@link Draining} change is published while no request runs on what it touches, a
 * {@link Straddling} one may be published under running requests.
 *
 * <p>A change may be applied any number of times, to different graphs, before one result is published (guarantee E).
 */
@AnyThread
public sealed interface GraphChange permits Straddling, Draining {

    /**
     * The graph with the change made.
     *
     * @param graph the graph to derive from
     * @return a graph made from the given one by the operations of {@link BlockGraph}
     * @throws GraphException when the change cannot be made to this graph
     */
    BlockGraph apply(BlockGraph graph);

    /**
     * The nodes of the given graph whose edges, options or attached roots the change changes. They are what is gated;
     * a node whose requests take the same way before and after need not be among them. What {@link #apply} turns out to
     * change beyond these is gated as well.
     *
     * @param graph the graph that the change would be applied to
     * @return names of nodes that exist in the graph
     */
    Set<String> touches(BlockGraph graph);

    /**
     * The nodes that the change brings along. If it fails they are still their creator's.
     *
     * @return the nodes, often none
     */
    default List<BlockNode> adds() {
        return List.of();
    }

    /**
     * The change in a few words, for messages and the history.
     *
     * @return such as {@code insert filter f0 over disk0}
     */
    String describe();
}
