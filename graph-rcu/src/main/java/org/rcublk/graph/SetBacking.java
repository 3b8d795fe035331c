// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Gives an overlay another backing node, or none. That the overlay reads the same afterwards is the caller's to see to: a
 * stream job's end. What comes under the overlay is flushed before (guarantee K). The former backing node stays in the graph
 * unless it is implicit and nobody else uses it.
 *
 * @param node the overlay's name
 * @param backing the name of what it is laid over from now on, or null
 */
@AnyThread
public record SetBacking(String node, @Nullable String backing) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockNode overlay = graph.node(node);
        Edge old = overlay.child(ChildRole.COW);
        if (backing == null) {
            return old == null
                    ? graph
                    : without(graph, overlay, overlay.children().remove(old), old);
        }
        graph.node(backing);
        GraphEdits.requireNoCycle(graph, node, backing);
        Vector<Edge> edges = old == null
                ? overlay.children().append(Edge.backing(backing))
                : overlay.children().replace(old, old.to(backing));
        return old == null || old.child().equals(backing)
                ? graph.withNode(overlay.withChildren(edges))
                : without(graph, overlay, edges, old);
    }

    private static BlockGraph without(BlockGraph graph, BlockNode overlay, Vector<Edge> edges, Edge old) {
        return GraphEdits.removeUnusedImplicit(graph.withNode(overlay.withChildren(edges)), old.child());
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.node(node).name());
    }

    @Override
    public String describe() {
        return backing == null
                ? "take the backing node from node '" + node + "'"
                : "make node '" + backing + "' the backing node of node '" + node + "'";
    }
}
