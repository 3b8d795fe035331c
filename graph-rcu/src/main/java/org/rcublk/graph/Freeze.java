// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a chain as it is, as long as a job works on it: no change may redirect or remove one of its edges (hazard H27).
 *
 * @param top the name of the chain's uppermost node
 * @param base the name of its lowest node
 * @param by who needs the chain, in a few words
 */
public record Freeze(String top, String base, String by) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return set(graph, top, base, by);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.empty();
    }

    @Override
    public String describe() {
        return "freeze the chain from node '" + top + "' to node '" + base + "' for " + by;
    }

    /** Freezes, or thaws for null, the edges of a chain. */
    static BlockGraph set(BlockGraph graph, String top, String base, @Nullable String by) {
        BlockGraph result = graph;
        String at = top;
        graph.node(base);
        while (!at.equals(base)) {
            BlockNode node = result.node(at);
            Edge cow = node.child(ChildRole.COW);
            Edge edge = cow == null ? node.child(ChildRole.FILTERED) : cow;
            if (edge == null) {
                throw new GraphException("node '" + base + "' is not below node '" + top + "' by filtered and backing"
                        + " children: name two nodes of one chain");
            }
            if (by != null && edge.frozenBy() != null) {
                throw new GraphException("the edge from node '" + at + "' to its child '" + edge.name() + "' ("
                        + edge.child() + ") is frozen by " + edge.frozenBy() + ": end that first");
            }
            result = result.withNode(node.withChildren(node.children().replace(edge, edge.frozen(by))));
            at = edge.child();
        }
        return result;
    }
}
