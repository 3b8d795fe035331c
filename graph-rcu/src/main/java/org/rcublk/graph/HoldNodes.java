// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Changes nothing, and so stands for a drain that keeps its gates.
 *
 * @param nodes the nodes to gate
 */
@AnyThread
record HoldNodes(HashSet<String> nodes) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        nodes.forEach(graph::node);
        return graph;
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return nodes;
    }

    @Override
    public String describe() {
        return "drain " + nodes.toSortedSet().mkString("node '", "', node '", "'");
    }
}
