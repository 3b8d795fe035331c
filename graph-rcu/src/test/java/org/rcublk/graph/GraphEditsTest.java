// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.rcublk.graph.BlockGraphTest.implicit;
import static org.rcublk.graph.BlockGraphTest.node;
import static org.rcublk.graph.BlockGraphTest.refused;
import static org.rcublk.graph.BlockGraphTest.root;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filters and overlays: who moves, who stays, what is refused. */
class GraphEditsTest {

    private final BlockGraph graph = BlockGraph.empty()
            .addNodes(List.of(
                    node("disk", Edge.image("file")), node("file"), node("user", Edge.of("x", "disk", ChildRole.DATA))))
            .attachRoot(root("r", "disk", true))
            .attachRoot(root("s", "user", true));

    @Test
    void insertsAFilterUnderParentsAndRoots() {
        BlockGraph filtered = graph.insertFilter("disk", filter("f", "disk"));
        assertEquals("f", filtered.root("r").node());
        assertEquals("f", filtered.node("user").children().head().child());
        assertEquals(HashSet.of("f"), filtered.parents("disk"));
        assertEquals(HashSet.of("user"), filtered.parents("f"));
        assertSame(graph.node("file"), filtered.node("file"));
        assertSame(graph.node("user").state(), filtered.node("user").state());
    }

    @Test
    void droppingItRestoresTheGraph() {
        BlockGraph restored = graph.insertFilter("disk", filter("f", "disk")).dropFilter("f");
        assertNull(restored.find("f"));
        assertEquals(graph.nodes(), restored.nodes());
        assertEquals(graph.roots(), restored.roots());
        assertEquals(graph.parents("disk"), restored.parents("disk"));
        assertEquals(graph.rootsOn("disk"), restored.rootsOn("disk"));
    }

    @Test
    void refusesWrongFilters() {
        refused(() -> graph.insertFilter("gone", filter("f", "gone")), "'gone'");
        refused(() -> graph.insertFilter("disk", filter("f", "file")), "'f'", "'disk'");
        refused(() -> graph.insertFilter("disk", node("f", Edge.filtered("disk"))), "no filter");
        refused(() -> graph.insertFilter("disk", filter("user", "disk")), "'user'", "exists already");
        refused(() -> graph.dropFilter("disk"), "'disk'", "no filter");
        refused(() -> graph.dropFilter("gone"), "'gone'");
    }

    @Test
    void aReadOnlyFilterIsRefusedUnderAWritableRoot() {
        TestNode state = new TestNode("f");
        state.readOnly = true;
        refused(
                () -> graph.insertFilter("disk", BlockNode.filter("f", "x", state, "disk"))
                        .checked(),
                "'f'",
                "read-only");
        TestNode top = new TestNode("o");
        top.readOnly = true;
        BlockGraph more = graph.addNodes(List.of(BlockNode.of("o", "overlay", top)));
        refused(() -> more.appendOverlay("disk", "o").checked(), "'o'", "read-only");
    }

    @Test
    void aParentInsideTheFilterKeepsItsEdge() {
        BlockGraph readers = graph.detachRoot("r")
                .detachRoot("s")
                .attachRoot(root("r", "disk", false))
                .attachRoot(root("s", "user", false));
        BlockGraph fleecing = readers.addNodes(List.of(node("target", Edge.backing("disk"))));
        BlockNode filter = new BlockNode(
                "cbw",
                "copy-before-write",
                HashMap.empty(),
                Vector.of(Edge.filtered("disk"), Edge.of("target", "target", ChildRole.DATA)),
                true,
                false,
                new TestNode("cbw"));
        BlockGraph filtered = fleecing.insertFilter("disk", filter);
        assertEquals("disk", filtered.node("target").children().head().child());
        assertEquals("cbw", filtered.node("user").children().head().child());
        assertEquals(HashSet.of("cbw", "target"), filtered.parents("disk"));
    }

    @Test
    void droppingAFilterTakesItsOtherImplicitChildrenAlong() {
        BlockGraph more = graph.addNodes(List.of(implicit("log")));
        BlockNode filter = new BlockNode(
                "f",
                "log-writes",
                HashMap.empty(),
                Vector.of(Edge.filtered("disk"), Edge.of("log", "log", ChildRole.DATA)),
                true,
                false,
                new TestNode("f"));
        BlockGraph restored = more.insertFilter("disk", filter).dropFilter("f");
        assertEquals(graph.nodes(), restored.nodes());
    }

    @Test
    void appendsAnOverlay() {
        BlockGraph snapshot = graph.addNodes(List.of(node("o"))).appendOverlay("disk", "o");
        assertEquals("o", snapshot.root("r").node());
        assertEquals("o", snapshot.node("user").children().head().child());
        assertEquals(Edge.backing("disk"), snapshot.node("o").child(ChildRole.COW));
        assertEquals(HashSet.of("o"), snapshot.flushSet("r"));
        assertEquals(HashSet.of("o", "disk", "file"), snapshot.reach("r"));
    }

    @Test
    void refusesWrongOverlays() {
        BlockGraph more = graph.addNodes(List.of(
                node("free"),
                node("low"),
                node("backed", Edge.backing("low")),
                filter("f", "file"),
                node("used"),
                node("by", Edge.image("used"))));
        refused(() -> more.appendOverlay("gone", "free"), "'gone'");
        refused(() -> more.appendOverlay("disk", "gone"), "'gone'");
        refused(() -> more.appendOverlay("disk", "disk"), "'disk'", "itself");
        refused(() -> more.appendOverlay("disk", "backed"), "'backed'", "'low'");
        refused(() -> more.appendOverlay("disk", "f"), "'f'", "filter");
        refused(() -> more.appendOverlay("disk", "used"), "'used'", "node 'by'");
        BlockGraph rooted = more.attachRoot(root("t", "free", false));
        refused(() -> rooted.appendOverlay("disk", "free"), "'free'", "root 't'");
    }

    @Test
    void changesSayWhatTheyTouchAndAdd() {
        BlockNode f = filter("f", "disk");
        assertEquals(HashSet.of("disk", "user"), new InsertFilter("disk", f).touches(graph));
        assertEquals(List.of(f), new InsertFilter("disk", f).adds());
        BlockGraph filtered = graph.insertFilter("disk", f).addNodes(List.of(node("o")));
        assertEquals(HashSet.of("f", "user"), new DropFilter("f").touches(filtered));
        assertEquals(HashSet.of("disk", "f", "o"), new AppendOverlay("disk", "o").touches(filtered));
        assertEquals(HashSet.empty(), AddNodes.of(node("z")).touches(graph));
        assertEquals(HashSet.of("o"), new RemoveNode("o").touches(filtered));
        assertEquals(HashSet.of("disk"), new DetachRoot("r").touches(graph));
        assertEquals(HashSet.of("disk"), new AttachRoot(root("t", "disk", false)).touches(graph));
    }

    static BlockNode filter(String name, String child) {
        return BlockNode.filter(name, "passthrough", new TestNode(name), child);
    }
}
