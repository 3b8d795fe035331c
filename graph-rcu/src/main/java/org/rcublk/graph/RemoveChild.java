// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Takes a child from a node whose driver takes any number of children, a quorum say. The child stays in the graph unless it
 * is implicit and nobody else uses it. What was written to it is flushed before (guarantee K).
 *
 * @param parent the node's name
 * @param name the child's name within the node
 */
@AnyThread
public record RemoveChild(String parent, String name) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockNode node = graph.node(parent);
        Edge edge = node.children().find(e -> e.name().equals(name)).getOrNull();
        if (edge == null) {
            throw new GraphException("node '" + parent + "' has no child '" + name + "': its children are "
                    + node.children().map(e -> "'" + e.name() + "'").mkString(", "));
        }
        BlockGraph less = graph.withNode(node.withChildren(node.children().remove(edge)));
        return GraphEdits.removeUnusedImplicit(less, edge.child());
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.node(parent).name());
    }

    @Override
    public String describe() {
        return "remove child '" + name + "' of node '" + parent + "'";
    }
}
