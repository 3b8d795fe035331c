// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.rcublk.graph.BlockGraphTest.node;
import static org.rcublk.graph.BlockGraphTest.refused;
import static org.rcublk.graph.BlockGraphTest.root;

import java.util.List;
import org.junit.jupiter.api.Test;

/** No writer on what an overlay is laid over. */
class BackingWriterTest {
    private final BlockGraph graph =
            BlockGraph.empty().addNodes(List.of(node("file"), node("base", Edge.image("file")), node("top")));

    @Test
    void noWritableRootOnABacking() {
        BlockGraph laid = graph.addNodes(List.of(node("ov", Edge.backing("base")), node("fmt", Edge.image("base"))));
        refused(() -> laid.attachRoot(root("r", "base", true)), "root 'r'", "'base'", "'ov'", "read-only");
        refused(() -> laid.attachRoot(root("r", "fmt", true)), "root 'r' on node 'fmt'", "'base'", "'ov'");
        laid.attachRoot(root("r", "base", false));
        laid.attachRoot(root("r", "ov", true)).attachRoot(root("s", "ov", true));
    }

    @Test
    void noOverlayOverWhatAWritableRootWritesTo() {
        BlockGraph written = graph.attachRoot(root("w", "base", true));
        for (String under : List.of("base", "file")) {
            BlockNode over = node("ov", Edge.backing(under));
            refused(() -> written.addNodes(List.of(over)), "root 'w'", "'" + under + "'", "'ov'", "read-only");
            graph.attachRoot(root("w", "base", false)).addNodes(List.of(over));
        }
    }

    @Test
    void aSnapshotTakesItsWritersAlong() {
        BlockGraph laid = graph.attachRoot(root("w", "base", true)).appendOverlay("base", "top");
        assertEquals("top", laid.root("w").node());
        refused(() -> laid.attachRoot(root("x", "file", false)).attachRoot(root("y", "base", true)), "'y'", "'top'");
    }

    @Test
    void aSnapshotThatLeavesAWriterBehindIsRefused() {
        BlockGraph forked = graph.addNodes(List.of(node("ov", Edge.image("mid")), node("mid", Edge.image("base"))))
                .attachRoot(root("w", "mid", true));
        refused(() -> forked.appendOverlay("base", "ov"), "root 'w'", "'base'", "'ov'");
    }

    @Test
    void aSnapshotDoesNotMoveAWriterOntoABacking() {
        BlockGraph shared = graph.addNodes(
                        List.of(node("data"), node("other", Edge.backing("data")), node("ov", Edge.image("data"))))
                .attachRoot(root("w", "base", true));
        refused(() -> shared.appendOverlay("base", "ov"), "root 'w'", "'data'", "'other'");
    }
}
