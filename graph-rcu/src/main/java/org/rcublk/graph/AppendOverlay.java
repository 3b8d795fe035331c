// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Lays an overlay over a node: an external snapshot. What the node stored is flushed before, since no flush of a guest
 * reaches it afterwards (guarantee K). See {@link BlockGraph#appendOverlay}.
 *
 * @param base the node's name
 * @param overlay the overlay's name, a node that was added before
 */
@AnyThread
public record AppendOverlay(String base, String overlay) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.appendOverlay(base, overlay);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return graph.parents(base)
                .add(graph.node(base).name())
                .add(graph.node(overlay).name());
    }

    @Override
    public String describe() {
        return "append overlay '" + overlay + "' to node '" + base + "'";
    }
}
