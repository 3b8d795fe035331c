// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.RootState;

class GraphDrawingTest {
    private static BlockNode node(String name, String driver, Edge... children) {
        return BlockNode.of(name, driver, new NullDriver("null-co", 512, 0, false, false), children);
    }

    private static GraphRoot root(String id, String node, boolean writable) {
        return new GraphRoot(id, node, writable, new RootState(id));
    }

    @Test
    void aChainUnderAGatedFilter() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("image", "file"),
                        node("disk", "raw", Edge.image("image")),
                        BlockNode.filter("f0", "passthrough", new PassthroughDriver(), "disk")))
                .attachRoot(root("drive0", "f0", true))
                .attachRoot(root("nbd0", "f0", false));
        assertEquals("""
                (drive0) writable   (nbd0) read-only
                   |
                   v
                [f0: passthrough] filter  ##GATED##
                   | file: filtered, primary
                   v
                [disk: raw] format
                   | file: data, metadata, primary
                   v
                [image: file] protocol
                """, GraphDrawing.draw(graph, HashSet.of("f0")));
    }

    @Test
    void branchesSharedNodesAndNodesWithoutARoot() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("base", "file"),
                        node("top", "overlay", Edge.of("file", "own", ChildRole.DATA), Edge.backing("base")),
                        node("own", "raw", Edge.image("base")),
                        node("spare", "memory")))
                .attachRoot(root("drive0", "top", false));
        assertEquals("""
                (drive0) read-only
                   |
                   v
                [top: overlay] format
                   |
                   +-> file: data
                      [own: raw] format
                         | file: data, metadata, primary
                         v
                      [base: file] protocol
                   |
                   +-> backing: cow
                      [base: file] (see above)

                (no root)
                [spare: memory] protocol
                """, GraphDrawing.draw(graph, HashSet.empty()));
    }

    @Test
    void nothing() {
        assertEquals("", GraphDrawing.draw(BlockGraph.empty(), HashSet.empty()));
    }
}
