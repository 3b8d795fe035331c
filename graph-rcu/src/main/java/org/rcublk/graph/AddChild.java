// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Adds a child to a node whose driver takes any number of children, a quorum say. A request that was admitted before uses
 * the children that the node had then, to its end (hazard H13).
 *
 * @param parent the node's name
 * @param edge the edge to the child, under a name that no other child of the node has
 */
@AnyThread
public record AddChild(String parent, Edge edge) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockNode node = graph.node(parent);
        graph.node(edge.child());
        GraphEdits.requireNoCycle(graph, parent, edge.child());
        return graph.withNode(node.withChildren(node.children().append(edge)));
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.node(parent).name());
    }

    @Override
    public String describe() {
        return "add child '" + edge.name() + "' (node '" + edge.child() + "') to node '" + parent + "'";
    }
}
