// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import io.vavr.collection.Set;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Draining;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;

/**
 * A change that was made ready for nodes as they were, and is refused once one of them has been reopened, resized, or
 * replaced by another node of its name: the settings made ready would undo that, or be those of another driver.
 *
 * @param nodes the nodes as they were
 * @param change what to do
 */
@AnyThread
record Unchanged(List<BlockNode> nodes, GraphChange change) implements Draining {
    @Override
    public BlockGraph apply(BlockGraph graph) {
        for (BlockNode node : nodes) {
            if (!isSame(node, graph.find(node.name()))) {
                throw new GraphException(
                        "node '" + node.name() + "' has been changed meanwhile: look at it, and try again");
            }
        }
        return change.apply(graph);
    }

    @SuppressWarnings("ReferenceEquality") // settings with the same values need not own the same
    private static boolean isSame(BlockNode was, @Nullable BlockNode is) {
        return is != null && is.state() == was.state() && is.settings() == was.settings();
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return change.touches(graph);
    }

    @Override
    public List<BlockNode> adds() {
        return change.adds();
    }

    @Override
    public String describe() {
        return change.describe();
    }
}
