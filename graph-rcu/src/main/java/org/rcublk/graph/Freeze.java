// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Keeps a chain as it is, as long as a job works on it: no change may redirect or remove one of its edges (hazard H27).
 *
 * @param top the name of the chain's uppermost node
 * @param base the name of its lowest node
 * @param by who needs the chain, in a few words
 */
@AnyThread
public record Freeze(String top, String base, String by) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return set(graph, top, base, by, false);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.empty();
    }

    @Override
    public String describe() {
        return "freeze the chain from node '" + top + "' to node '" + base + "' for " + by;
    }

    /** Freezes or thaws the edges of a chain. */
    static BlockGraph set(BlockGraph graph, String top, String base, String by, boolean thaw) {
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
            requireTurn(at, edge, by, thaw);
            result = result.withNode(node.withChildren(node.children().replace(edge, edge.frozen(thaw ? null : by))));
            at = edge.child();
        }
        return result;
    }

    private static void requireTurn(String at, Edge edge, String by, boolean thaw) {
        String holder = edge.frozenBy();
        String which = "the edge from node '" + at + "' to its child '" + edge.name() + "' (" + edge.child() + ")";
        if (!thaw && holder != null) {
            throw new GraphException(which + " is frozen by " + holder + ": end that first");
        }
        if (thaw && !by.equals(holder)) {
            throw new GraphException(which + (holder == null ? " is not frozen" : " is frozen by " + holder) + ", so "
                    + by + " cannot thaw it: thaw the chain that was frozen, for whom it was");
        }
    }
}
