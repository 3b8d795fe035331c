// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.BlockGraphTest.implicit;
import static org.rcublk.graph.BlockGraphTest.node;
import static org.rcublk.graph.BlockGraphTest.refused;
import static org.rcublk.graph.BlockGraphTest.root;
import static org.rcublk.graph.GraphEditsTest.filter;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The changes beyond filters and overlays: what they do to a graph, and what they refuse. */
class ChangesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LiveFixture f = new LiveFixture();

    private BlockGraph graph() {
        return f.now().graph();
    }

    @Test
    void replaceMovesUsersAndFlushesWhatTheyWrote() {
        TestNode old = f.add("old");
        f.add("new");
        TestRoot root = f.attach("r", "old");
        f.live.commit(new ReplaceNode("old", "new"), LONG);
        assertEquals("new:new", f.plan("r"));
        assertEquals(2, old.flushes.get(), "before the gate and under it");
        assertNotNull(graph().find("old"));
        assertEquals(1, root.releases.get());
        refused(() -> f.live.commit(new ReplaceNode("new", "new"), LONG), "'new'", "itself");
        refused(() -> f.live.commit(new ReplaceNode("new", "gone"), LONG), "'gone'");
        f.live.commit(new ReplaceNode("new", "old"), LONG); // an undo is a change back
        assertEquals("old:old", f.plan("r"));
    }

    @Test
    void replaceLeavesParentsInTheNewNodesOwnSubtree() {
        // top -> mid -> disk, and top takes the place of disk: mid keeps its edge, or there would be a cycle.
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("top", Edge.of("x", "mid", ChildRole.DATA)),
                        node("mid", Edge.of("x", "disk", ChildRole.DATA)),
                        node("user", Edge.of("x", "disk", ChildRole.DATA)),
                        node("disk")));
        BlockGraph after = new ReplaceNode("disk", "top").apply(graph);
        assertEquals("disk", after.node("mid").children().head().child());
        assertEquals("top", after.node("user").children().head().child());
        BlockGraph down = new ReplaceNode("top", "disk").apply(graph.attachRoot(root("r", "top", false)));
        assertEquals("disk", down.root("r").node());
    }

    @Test
    void backingIsSetReplacedAndTakenAway() {
        f.add("base");
        f.add("other");
        f.add("ov");
        f.attach("r", "ov");
        f.live.commit(new SetBacking("ov", "base"), LONG);
        assertEquals("base", graph().node("ov").child(ChildRole.COW).child());
        assertTrue(f.log.contains("flush base"), "no flush of a guest reaches it any more");
        f.live.commit(new SetBacking("ov", "other"), LONG);
        assertEquals(HashSet.of("ov"), graph().parents("other"));
        assertEquals(HashSet.empty(), graph().parents("base"));
        f.live.commit(new SetBacking("ov", null), LONG);
        assertNull(graph().node("ov").child(ChildRole.COW));
        refused(() -> f.live.commit(new SetBacking("ov", "ov"), LONG), "'ov'", "cycle");
        f.live.commit(new DetachRoot("r"), LONG);
        f.add("above", Edge.backing("ov"));
        refused(() -> f.live.commit(new SetBacking("ov", "above"), LONG), "'above'", "'ov'", "cycle");
    }

    @Test
    void anEdgeIsLedToAnotherChild() {
        f.add("a");
        f.add("b");
        f.add("top", Edge.image("a"));
        f.add("other", Edge.filtered("a"));
        f.attach("r", "top");
        f.log.clear();
        f.live.commit(new SetChild("top", "file", "b"), LONG);
        assertEquals("b", graph().node("top").child(ChildRole.PRIMARY).child());
        assertTrue(f.log.contains("flush a"), "no flush of a guest reaches it any more");
        assertEquals(HashSet.of("other"), graph().parents("a"), "another parent keeps it");
        refused(() -> f.live.commit(new SetChild("top", "backing", "a"), LONG), "'top'", "'backing'", "'file'");
        refused(() -> f.live.commit(new SetChild("top", "file", "top"), LONG), "'top'", "cycle");
        f.live.commit(new SetChild("top", "file", "b"), LONG);
        assertEquals(HashSet.of("top"), graph().parents("b"));
    }

    @Test
    void childrenComeAndGo() {
        f.add("a");
        f.add("b");
        f.add("quorum", Edge.of("c0", "a", ChildRole.DATA));
        f.attach("r", "quorum");
        f.live.commit(new AddChild("quorum", Edge.of("c1", "b", ChildRole.DATA)), LONG);
        assertEquals("quorum:a,b,quorum", f.plan("r"));
        refused(() -> f.live.commit(new AddChild("quorum", Edge.of("c1", "a", ChildRole.DATA)), LONG), "one name");
        refused(() -> f.live.commit(new AddChild("a", Edge.of("x", "quorum", ChildRole.DATA)), LONG), "cycle");
        f.log.clear();
        f.live.commit(new RemoveChild("quorum", "c0"), LONG);
        assertEquals("quorum:b,quorum", f.plan("r"));
        assertEquals(List.of("flush a", "flush a"), f.log);
        refused(() -> f.live.commit(new RemoveChild("quorum", "c0"), LONG), "'c0'", "'quorum'", "'c1'");
    }

    @Test
    void anInlineChildGoesWithItsLastParent() {
        BlockGraph graph =
                BlockGraph.empty().addNodes(List.of(node("quorum", Edge.of("c0", "a", ChildRole.DATA)), implicit("a")));
        assertNull(new RemoveChild("quorum", "c0").apply(graph).find("a"));
        BlockGraph shared = graph.attachRoot(root("r", "a", false));
        assertNotNull(new RemoveChild("quorum", "c0").apply(shared).find("a"));
    }

    @Test
    void aChainIsShortenedToItsBase() {
        f.add("base");
        TestNode one = f.add("one", Edge.backing("base"));
        TestNode two = f.add("two", Edge.backing("one"));
        f.live.commit(AddNodes.of(filter("flt", "two")), LONG);
        f.add("top", Edge.backing("flt"));
        f.attach("r", "top");
        f.live.commit(new DropIntermediate("flt", "base"), LONG);
        assertEquals("base", graph().node("top").child(ChildRole.COW).child());
        assertEquals("top:base,top", f.plan("r"));
        f.allClosed();
        assertEquals(2, one.closes.get() + two.closes.get());
        refused(() -> f.live.commit(new DropIntermediate("base", "top"), LONG), "'top'", "'base'", "one chain");
        refused(() -> f.live.commit(new DropIntermediate("top", "top"), LONG), "'top'", "above");
    }

    @Test
    void aChainThatSomebodyElseUsesIsNotShortened() {
        f.add("base");
        f.add("low", Edge.backing("base"));
        f.add("high", Edge.backing("low"));
        f.add("branch", Edge.backing("low"));
        f.attach("r", "high");
        Version<String> before = f.now();
        refused(() -> f.live.commit(new DropIntermediate("high", "base"), LONG), "'low'", "node 'branch'", "in use");
        assertSame(before, f.now());
    }

    @Test
    void settingsAreReplacedAndClosedOnce() {
        AtomicInteger closes = new AtomicInteger();
        f.add("disk");
        f.attach("r", "disk");
        f.live.commit(reopen("disk", closing(closes)), LONG);
        assertEquals(0, closes.get());
        f.live.commit(reopen("disk", NodeSettings.NONE), LONG);
        Conditions.until("closed", () -> closes.get() == 1);
        f.live.commit(reopen("disk", closing(closes)), LONG);
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        f.allClosed();
        assertEquals(2, closes.get());
    }

    @Test
    void aStraddlingReopenIsRefused() {
        f.add("disk");
        Straddling sly = new Straddling() {
            @Override
            public BlockGraph apply(BlockGraph graph) {
                return reopen("disk", closing(new AtomicInteger())).apply(graph);
            }

            @Override
            public HashSet<String> touches(BlockGraph graph) {
                return HashSet.empty();
            }

            @Override
            public String describe() {
                return "sly";
            }
        };
        refused(() -> f.live.commit(sly, LONG), "sly", "'disk'", "drain");
    }

    @Test
    void whatBecomesReadOnlyIsFlushed() {
        TestNode disk = f.add("disk");
        f.live.commit(new AttachRoot(root("r", "disk", true)), LONG);
        f.live.commit(Changes.of(PermissionTest.reopen("disk", true), new SetGrant("r", Grant.export(false))), LONG);
        assertEquals(2, disk.flushes.get());
        assertTrue(graph().node("disk").readOnly());
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        f.allClosed();
        assertEquals(2, disk.flushes.get(), "a read-only node is closed without a flush");
    }

    @Test
    void aFrozenChainStaysAsItIs() {
        f.add("base");
        f.add("mid", Edge.backing("base"));
        f.add("top", Edge.backing("mid"));
        TestRoot root = f.attach("r", "top");
        long token = root.begin();
        Route<String> route = f.now().route("r");
        f.live.commit(new Freeze("top", "base", "job 'j0'"), LONG);
        assertSame(route, f.now().route("r"), "no request can tell, so none is waited for");
        assertEquals(1, root.liveVersions());
        f.live.commit(AddNodes.of(node("other")), LONG);
        for (GraphChange change : List.of(
                new SetBacking("top", "other"),
                new DropIntermediate("mid", "base"),
                f.filter("flt", "mid"),
                new ReplaceNode("base", "other"),
                new Freeze("mid", "base", "job 'j1'"))) {
            refused(() -> f.live.commit(change, LONG), "frozen", "job 'j0'", "end that first");
        }
        root.end(token);
        f.live.commit(Changes.of(new Thaw("top", "base", "job 'j0'"), new DropIntermediate("mid", "base")), LONG);
        assertEquals("top:base,top", f.plan("r"));
        refused(() -> f.live.commit(new Freeze("top", "other", "job"), LONG), "'other'", "'top'");
    }

    @Test
    void aFrozenNodeIsNotRemoved() {
        f.add("base");
        f.add("top", Edge.backing("base"));
        f.live.commit(new Freeze("top", "base", "job 'j0'"), LONG);
        refused(() -> f.live.commit(new RemoveNode("top"), LONG), "frozen", "job 'j0'");
    }

    @Test
    void severalDisksChangeInOneVersion() {
        f.add("a");
        f.add("b");
        f.add("oa");
        f.add("ob");
        f.attach("ra", "a");
        f.attach("rb", "b");
        int before = f.publications.size();
        Publication done = f.live.commit(Changes.of(new AppendOverlay("a", "oa"), new AppendOverlay("b", "ob")), LONG);
        assertEquals("oa:a,oa", f.plan("ra"));
        assertEquals("ob:b,ob", f.plan("rb"));
        List<Publication> told = f.publications.subList(before, f.publications.size());
        assertEquals(
                List.of(Publication.Kind.GATE, Publication.Kind.CHANGE),
                told.stream().map(Publication::kind).toList());
        assertTrue(done.description().contains("'oa'") && done.description().contains("'ob'"));
    }

    @Test
    void ifOneOfThemCannotBeMadeNoneIs() {
        f.add("a");
        f.add("oa");
        TestRoot root = f.attach("ra", "a");
        Version<String> before = f.now();
        BlockNode fresh = node("fresh");
        GraphChange change =
                Changes.of(AddNodes.of(fresh), new AppendOverlay("a", "oa"), new AppendOverlay("gone", "fresh"));
        refused(() -> f.live.commit(change, LONG), "'gone'");
        assertSame(before, f.now());
        assertEquals(0, root.releases.get());
        f.live.commit(AddNodes.of(fresh), LONG); // its identity was given back
    }

    @Test
    void changesThatAllStraddleMakeOneThatDoes() {
        assertTrue(Changes.of(AddNodes.of(node("x")), new DetachRoot("r")) instanceof Straddling);
        assertTrue(Changes.of(AddNodes.of(node("x")), new RemoveChild("x", "c")) instanceof Draining);
        assertFalse(Changes.of() instanceof Draining);
    }

    private static NodeSettings closing(AtomicInteger closes) {
        return new NodeSettings() {
            @Override
            public void close() {
                closes.incrementAndGet();
            }
        };
    }

    private static Reopen reopen(String node, NodeSettings settings) {
        return new Reopen(List.of(new Reopen.Reopened(node, HashMap.empty(), settings, false)));
    }
}
