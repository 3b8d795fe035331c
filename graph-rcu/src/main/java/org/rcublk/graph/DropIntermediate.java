// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Shortens a chain of overlays, which is how a commit job ends: the users of the upper node become the base's, and the nodes
 * from the upper one down to the base leave the graph with the implicit children that only they use. The base itself stays,
 * unless it is implicit and nobody uses it then.
 * That the base holds the data of what is dropped is the caller's to see to (hazard H10).
 *
 * @param top the name of the uppermost node to drop
 * @param base the name of the node that stays, below it by filtered and backing children
 */
@AnyThread
public record DropIntermediate(String top, String base) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        List<String> dropped = chain(graph);
        BlockGraph result = GraphEdits.moveUsers(graph, top, base);
        for (String name : dropped) {
            if (result.find(name) != null) { // an implicit one goes with its parent
                result = result.removeNode(name);
            }
        }
        return result;
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.ofAll(graph.parents(top)).addAll(chain(graph)).add(base);
    }

    @Override
    public String describe() {
        return "drop the chain from node '" + top + "' down to node '" + base + "'";
    }

    private List<String> chain(BlockGraph graph) {
        List<String> names = new ArrayList<>();
        graph.node(base);
        String at = top;
        while (!at.equals(base)) {
            names.add(at);
            String below = below(graph.node(at));
            if (below == null) {
                throw new GraphException("node '" + base + "' is not below node '" + top + "' by filtered and backing"
                        + " children: name two nodes of one chain");
            }
            at = below;
        }
        if (names.isEmpty()) {
            throw new GraphException("node '" + top + "' is the base itself: name a node above it");
        }
        return names;
    }

    private static @Nullable String below(BlockNode node) {
        Edge cow = node.child(ChildRole.COW);
        Edge edge = cow == null ? node.child(ChildRole.FILTERED) : cow;
        return edge == null ? null : edge.child();
    }
}
