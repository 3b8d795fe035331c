// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.List;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/**
 * Adds nodes that nobody uses yet; they may refer to each other in any order. See {@link BlockGraph#addNodes}.
 *
 * @param nodes the nodes
 */
@AnyThread
public record AddNodes(List<BlockNode> nodes) implements Straddling {

    /** Copies the list. */
    public AddNodes {
        nodes = List.copyOf(nodes);
    }

    /**
     * Adds the given nodes.
     *
     * @param nodes the nodes
     * @return the change
     */
    public static AddNodes of(BlockNode... nodes) {
        return new AddNodes(List.of(nodes));
    }

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.addNodes(nodes);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.empty();
    }

    @Override
    public List<BlockNode> adds() {
        return nodes;
    }

    @Override
    public String describe() {
        return "add " + nodes.stream().map(n -> "node '" + n.name() + "'").collect(Collectors.joining(", "));
    }
}
