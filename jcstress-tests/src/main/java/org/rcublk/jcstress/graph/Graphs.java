// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.graph;

import java.time.Duration;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.NodeState;

/** Small live graphs for tests: production classes around nodes that own nothing. */
public final class Graphs {
    private Graphs() {}

    /** A node that owns nothing. */
    public static class Node extends NodeState {
        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    public static BlockNode node(String name) {
        return BlockNode.of(name, "test", new Node());
    }

    /** No node, and every route's plan is the name of the node that its root is on. */
    public static LiveGraph<String> empty() {
        return new LiveGraph<>((root, graph) -> root.node());
    }

    /** One node, disk0, without a root. */
    public static LiveGraph<String> oneDisk() {
        LiveGraph<String> live = empty();
        live.commit(AddNodes.of(node("disk0")), Duration.ofSeconds(30));
        return live;
    }
}
