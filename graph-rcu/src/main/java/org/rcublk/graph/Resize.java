// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Gives a node another size. No user of the node, an export say, may have kept {@link Permission#RESIZE} to itself.
 *
 * <p>The caller grows what stores the node's data before this change, and shrinks it after: so each version's size is there
 * for as long as a request may see it (hazard H25).
 *
 * @param name the node's name
 * @param options the driver's options
 * @param settings what the driver made of them, with the new size
 */
@AnyThread
public record Resize(String name, Map<String, Object> options, NodeSettings settings) implements Draining {
    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockNode node = graph.node(name);
        return graph.withResized(node.withOptions(options, settings, node.readOnly()));
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.node(name).name());
    }

    @Override
    public String describe() {
        return "resize node '" + name + "'";
    }
}
