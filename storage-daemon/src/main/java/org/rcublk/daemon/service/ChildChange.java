// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import org.jspecify.annotations.Nullable;
import org.rcublk.graph.AddChild;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.RemoveChild;
import org.rcublk.io.BlockDriver;

/** A child more or less, for the drivers whose children come and go. */
final class ChildChange {
    private static final String PREFIX = "children.";

    private ChildChange() {}

    static GraphChange of(BlockGraph graph, String parent, @Nullable String child, @Nullable String node) {
        BlockNode above = graph.node(parent);
        if (!(above.state() instanceof BlockDriver driver) || !driver.acceptsChildren()) {
            throw new ServiceException("node '" + parent + "' (" + above.driver()
                    + ") keeps the children that it was opened with: use blockdev-reopen to give it another 'file' or"
                    + " 'backing'");
        }
        if (child != null) {
            return new RemoveChild(parent, child);
        }
        if (node == null) {
            throw new ServiceException(
                    "node '" + parent + "': name the child to remove by 'child', or the node to add by 'node'");
        }
        int free = 0;
        while (named(above, PREFIX + free)) {
            free++;
        }
        return new AddChild(parent, Edge.of(PREFIX + free, node, ChildRole.DATA));
    }

    private static boolean named(BlockNode node, String name) {
        return node.children().exists(e -> e.name().equals(name));
    }
}
