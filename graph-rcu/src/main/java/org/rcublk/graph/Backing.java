// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps writers off what overlays are laid over: a write to it would change the data of every overlay. A writer here is a
 * writable root, with all that its writes may go to.
 */
final class Backing {
    private Backing() {}

    /**
     * Refuses a writable root that may write to a copy-on-write child of any node.
     *
     * @throws GraphException naming both
     */
    static void requireOffBacking(BlockGraph graph, GraphRoot root) {
        if (!root.writable()) {
            return;
        }
        for (String name : Walk.down(graph, List.of(root.node()), Edge::carriesWrites)) {
            String overlay = overlayOn(graph, name);
            if (overlay != null) {
                throw refusal(root, overlay, name);
            }
        }
    }

    /**
     * Refuses a copy-on-write edge to a node to which a writable root may write. A node that had such a parent before has
     * no writer, so only the first looks for one and the cost does not grow with the number of overlays.
     *
     * @param before the graph that the change started from
     * @param after the graph with the edge
     * @throws GraphException naming both
     */
    static void requireUnwritten(BlockGraph before, BlockGraph after, String overlay, String base) {
        if (overlayOn(before, base) != null) {
            return;
        }
        for (String name : Walk.up(after, List.of(base), Edge::carriesWrites)) {
            for (String id : after.rootsOn(name)) {
                GraphRoot root = after.root(id);
                if (root.writable()) {
                    throw refusal(root, overlay, base);
                }
            }
        }
    }

    private static @Nullable String overlayOn(BlockGraph graph, String name) {
        for (String parent : graph.parents(name)) {
            if (graph.node(parent)
                    .children()
                    .exists(e -> e.is(ChildRole.COW) && e.child().equals(name))) {
                return parent;
            }
        }
        return null;
    }

    private static GraphException refusal(GraphRoot root, String overlay, String base) {
        return new GraphException("root '" + root.id() + "' on node '" + root.node() + "' may write to node '" + base
                + "', which node '" + overlay + "' is laid over: attach the root read-only");
    }
}
