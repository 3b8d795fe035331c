// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Leads one edge of a node to another child, in the same place and roles; other parents of the former child keep it. That
 * the new child holds the right data is the caller's to see to. The former one stays in the graph unless it is implicit and
 * nobody else uses it; what was written to it is flushed before (guarantee K).
 *
 * @param parent the node's name
 * @param name the edge's name within the node
 * @param child the name of the node that it leads to from now on
 */
@AnyThread
public record SetChild(String parent, String name, String child) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockNode node = graph.node(parent);
        Edge old = node.children().find(e -> e.name().equals(name)).getOrNull();
        if (old == null) {
            throw new GraphException("node '" + parent + "' has no child '" + name + "': its children are "
                    + node.children().map(e -> "'" + e.name() + "'").mkString(", "));
        }
        graph.node(child);
        GraphEdits.requireNoCycle(graph, parent, child);
        BlockGraph led = graph.withNode(node.withChildren(node.children().replace(old, old.to(child))));
        return old.child().equals(child) ? led : GraphEdits.removeUnusedImplicit(led, old.child());
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.node(parent).name());
    }

    @Override
    public String describe() {
        return "make node '" + child + "' the child '" + name + "' of node '" + parent + "'";
    }
}
