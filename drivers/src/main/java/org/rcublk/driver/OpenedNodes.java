// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that are open and not part of a graph yet. Publish them, by {@code new AddNodes(nodes())} or, for a single filter,
 * by {@code InsertFilter}; the graph owns them then. If that fails they are still the caller's: {@link #close} them.
 *
 * @param nodes the nodes, children before their parents
 * @param top the name of the node that the options described; the others are its inline children and theirs
 */
@AnyThread
public record OpenedNodes(List<BlockNode> nodes, String top) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedNodes.class);

    /** Copies the list. */
    public OpenedNodes {
        nodes = List.copyOf(nodes);
    }

    /**
     * The node that the options described.
     *
     * @return the last of the nodes
     */
    public BlockNode topNode() {
        return nodes.getLast();
    }

    /** Closes all nodes, parents first. Only for nodes that no graph has published; a failure is logged. */
    @GlobalState
    public void close() {
        closeAll(nodes);
    }

    /**
     * Closes those that a published graph does not have, parents first; a failure is logged.
     *
     * @param owned whether a state is the graph's
     */
    @GlobalState
    public void closeUnless(Predicate<Object> owned) {
        closeAll(nodes.stream().filter(n -> !owned.test(n.state())).toList());
    }

    @GlobalState
    static void closeAll(List<BlockNode> nodes) {
        for (BlockNode node : nodes.reversed()) {
            try {
                node.state().close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("node '{}' could not be closed: {}", node.name(), e.getMessage());
            }
        }
    }
}
