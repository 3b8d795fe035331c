// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/** Keeps frozen edges as they are: a job relies on the chain that it works on (hazard H27). */
@AnyThread
final class Frozen {
    private Frozen() {}

    /**
     * Refuses a description of a node in place of another that has a frozen edge which this one lacks, or leads elsewhere.
     *
     * @param now null when the node goes
     * @throws GraphException naming the edge and who froze it
     */
    static void requireKept(@Nullable BlockNode old, @Nullable BlockNode now) {
        if (old == null) {
            return;
        }
        for (Edge edge : old.children()) {
            if (edge.frozenBy() != null && (now == null || !keeps(now, edge))) {
                throw new GraphException("the edge from node '" + old.name() + "' to its child '" + edge.name() + "' ("
                        + edge.child() + ") is frozen by " + edge.frozenBy() + ": end that first");
            }
        }
    }

    private static boolean keeps(BlockNode node, Edge edge) {
        return node.children()
                .exists(e -> e.name().equals(edge.name())
                        && e.child().equals(edge.child())
                        && e.roles().equals(edge.roles()));
    }
}
