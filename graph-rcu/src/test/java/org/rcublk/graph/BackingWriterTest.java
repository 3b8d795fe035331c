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
            BlockGraph.empty().addNodes(List.of(node("file"), node("base", data("file")), node("top")));

    @Test
    void noWritableRootOnABacking() {
        BlockGraph laid = graph.addNodes(List.of(node("ov", Edge.backing("base")), node("fmt", data("base"))));
        refused(() -> laid.attachRoot(root("r", "base", true)).checked(), "root 'r'", "'base'", "'ov'", "read-only");
        refused(() -> laid.attachRoot(root("r", "fmt", true)).checked(), "root 'r'", "'fmt'", "'base'", "'ov'");
        laid.attachRoot(root("r", "base", false)).checked();
        laid.attachRoot(root("r", "ov", true)).attachRoot(root("s", "ov", true)).checked();
    }

    @Test
    void noOverlayOverWhatAWritableRootWritesTo() {
        BlockGraph written = graph.attachRoot(root("w", "base", true));
        for (String under : List.of("base", "file")) {
            BlockNode over = node("ov", Edge.backing(under));
            refused(
                    () -> written.addNodes(List.of(over)).checked(),
                    "root 'w'",
                    "'" + under + "'",
                    "'ov'",
                    "read-only");
            graph.attachRoot(root("w", "base", false)).addNodes(List.of(over)).checked();
        }
    }

    @Test
    void aSnapshotTakesItsWritersAlong() {
        BlockGraph laid = graph.attachRoot(root("w", "base", true))
                .appendOverlay("base", "top")
                .checked();
        assertEquals("top", laid.root("w").node());
        BlockGraph more = laid.attachRoot(root("y", "base", true));
        refused(more::checked, "'y'", "'top'");
    }

    @Test
    void aSnapshotThatLeavesAWriterBehindIsRefused() {
        BlockGraph forked = graph.addNodes(List.of(node("ov", data("mid")), node("mid", data("base"))))
                .attachRoot(root("w", "mid", true));
        refused(() -> forked.appendOverlay("base", "ov").checked(), "root 'w'", "'base'", "'ov'");
    }

    @Test
    void aSnapshotDoesNotMoveAWriterOntoABacking() {
        BlockGraph shared = graph.addNodes(
                        List.of(node("data"), node("other", Edge.backing("data")), node("ov", data("data"))))
                .attachRoot(root("w", "base", true));
        refused(() -> shared.appendOverlay("base", "ov").checked(), "root 'w'", "'data'", "'other'");
    }

    private static Edge data(String child) {
        return Edge.of("file", child, ChildRole.DATA);
    }
}
