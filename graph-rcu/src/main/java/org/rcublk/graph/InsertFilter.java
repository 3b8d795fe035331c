// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import java.util.List;
import org.rcublk.annotation.AnyThread;

/**
 * Adds a filter over a node. See {@link BlockGraph#insertFilter}.
 *
 * @param node the node's name
 * @param filter the filter, a new node
 */
@AnyThread
public record InsertFilter(String node, BlockNode filter) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.insertFilter(node, filter);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return graph.parents(node).add(graph.node(node).name());
    }

    @Override
    public List<BlockNode> adds() {
        return List.of(filter);
    }

    @Override
    public String describe() {
        return "insert filter '" + filter.name() + "' over node '" + node + "'";
    }
}
