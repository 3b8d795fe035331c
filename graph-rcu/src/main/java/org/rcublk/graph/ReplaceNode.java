// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Puts a node in another's place: every parent and root of the one becomes the other's. Parents that the other itself
 * reaches keep their edge, so no cycle can come of it. The one stays in the graph, without users; what was written to it is
 * flushed before, since no flush of a guest reaches it afterwards (guarantee K). That both hold the same data is the
 * caller's to see to: a mirror's pivot (hazard H4).
 *
 * @param from the name of the node whose users move
 * @param to the name of the node that gets them
 */
@AnyThread
public record ReplaceNode(String from, String to) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        graph.node(from);
        graph.node(to);
        if (from.equals(to)) {
            throw new GraphException("node '" + from + "' cannot replace itself: name another node");
        }
        return GraphEdits.moveUsers(graph, from, to);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return graph.parents(from)
                .add(graph.node(from).name())
                .add(graph.node(to).name());
    }

    @Override
    public String describe() {
        return "replace node '" + from + "' by node '" + to + "'";
    }
}
