// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.graph;

import java.time.Duration;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.NodeState;

/** Small live graphs for tests: production classes around nodes that own nothing. */
final class Graphs {
    private Graphs() {}

    /** A node that owns nothing. */
    static final class Node extends NodeState {
        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    static BlockNode node(String name) {
        return BlockNode.of(name, "test", new Node());
    }

    /** One node, disk0, without a root. */
    static LiveGraph<String> oneDisk() {
        LiveGraph<String> live = new LiveGraph<>((root, graph) -> root.node());
        live.commit(AddNodes.of(node("disk0")), Duration.ofSeconds(30));
        return live;
    }
}
