// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.List;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/**
 * Gives nodes other options, all of them in one step: limits, caches, read-only. A request sees one set of options, that of
 * the version that it was admitted on (hazard H14). What is written to a node that becomes read-only is flushed before.
 *
 * <p>The settings are opened by the caller, who keeps them if the change fails. Those that they replace are closed when no
 * request can see them.
 *
 * @param nodes what becomes of which node
 */
@AnyThread
public record Reopen(List<Reopened> nodes) implements Draining {

    /**
     * The new options of a node.
     *
     * @param name the node's name
     * @param options the driver's options
     * @param settings what the driver made of them
     * @param readOnly whether the node refuses writes from now on
     */
    public record Reopened(String name, Map<String, Object> options, NodeSettings settings, boolean readOnly) {}

    /** Copies the list. */
    public Reopen {
        nodes = List.copyOf(nodes);
    }

    @Override
    public BlockGraph apply(BlockGraph graph) {
        BlockGraph result = graph;
        for (Reopened reopened : nodes) {
            BlockNode node = result.node(reopened.name());
            result = result.withNode(node.withOptions(reopened.options(), reopened.settings(), reopened.readOnly()));
        }
        return result;
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.ofAll(nodes).map(n -> graph.node(n.name()).name());
    }

    @Override
    public String describe() {
        return "reopen " + nodes.stream().map(n -> "node '" + n.name() + "'").collect(Collectors.joining(", "));
    }
}
