// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Nodes and roots come and go; queries; what is refused. */
class BlockGraphTest {

    @Test
    void addsNodesInAnyOrderAndLeavesTheOldGraphAlone() {
        BlockGraph empty = BlockGraph.empty();
        BlockGraph graph = empty.addNodes(List.of(node("top", Edge.image("file")), node("file")));
        assertEquals(0, empty.nodes().size());
        assertEquals(2, graph.nodes().size());
        assertEquals(HashSet.of("top"), graph.parents("file"));
        assertEquals(HashSet.empty(), graph.parents("top"));
        assertNull(graph.find("other"));
    }

    @Test
    void refusesNodesThatDoNotFit() {
        BlockGraph graph = BlockGraph.empty().addNodes(List.of(node("a")));
        refused(() -> graph.addNodes(List.of(node("a"))), "'a'", "exists already");
        refused(() -> graph.addNodes(List.of(node("b"), node("b"))), "'b'", "exists already");
        refused(() -> graph.addNodes(List.of(node("b", Edge.image("gone")))), "'gone'", "'b'", "add it first");
        refused(() -> graph.node("gone"), "'gone'", "does not exist");
        refused(() -> graph.root("gone"), "'gone'", "does not exist");
    }

    @Test
    void refusesACycleAndPrintsIt() {
        List<BlockNode> ring = List.of(
                node("x", Edge.image("a")),
                node("a", Edge.image("b")),
                node("b", Edge.image("c")),
                node("c", Edge.image("a")));
        GraphException e =
                assertThrows(GraphException.class, () -> BlockGraph.empty().addNodes(ring));
        assertTrue(e.getMessage().matches(".*(a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c).*"), e.getMessage());
        refused(() -> BlockGraph.empty().addNodes(List.of(node("s", Edge.image("s")))), "s -> s");
    }

    @Test
    void aDiamondIsNoCycle() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("top", Edge.of("l", "left", ChildRole.DATA), Edge.of("r", "right", ChildRole.DATA)),
                        node("left", Edge.image("file")),
                        node("right", Edge.image("file")),
                        node("file")));
        assertEquals(HashSet.of("left", "right"), graph.parents("file"));
    }

    @Test
    void aDeepChainNeedsNoDeepStack() {
        List<BlockNode> chain = new ArrayList<>();
        chain.add(node("n0"));
        for (int i = 1; i < 20_000; i++) {
            chain.add(node("n" + i, Edge.backing("n" + (i - 1))));
        }
        BlockGraph graph = BlockGraph.empty().addNodes(chain.reversed()).attachRoot(root("r", "n19999", true));
        assertEquals(20_000, graph.reach("r").size());
        assertEquals(HashSet.of("r"), graph.rootsAbove(HashSet.of("n0")));
        assertEquals(
                20_000,
                Walk.parentsFirst(graph, graph.nodes().keySet().toJavaSet()).size());
    }

    @Test
    void removesOnlyWhatNobodyUses() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(node("top", Edge.image("file")), node("file")))
                .attachRoot(root("r", "file", false));
        refused(() -> graph.removeNode("file"), "'file'", "node 'top'", "root 'r'");
        refused(() -> graph.removeNode("gone"), "'gone'");
        BlockGraph less = graph.removeNode("top");
        assertNull(less.find("top"));
        refused(() -> less.removeNode("file"), "'file'", "root 'r'");
        assertEquals(0, less.detachRoot("r").removeNode("file").nodes().size());
    }

    @Test
    void implicitChildrenGoWithTheirLastParent() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("a", Edge.image("mid")),
                        node("b", Edge.image("shared")),
                        implicit("mid", Edge.of("x", "shared", ChildRole.DATA), Edge.of("y", "own", ChildRole.DATA)),
                        implicit("shared"),
                        implicit("own"),
                        node("kept")));
        assertEquals(HashSet.of("a", "mid", "own"), graph.removedWith("a"));
        BlockGraph less = graph.removeNode("a");
        assertEquals(HashSet.of("b", "shared", "kept"), less.nodes().keySet());
        assertEquals(HashSet.of("kept"), less.removeNode("b").nodes().keySet());
    }

    @Test
    void anImplicitNodeWithARootStays() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(node("a", Edge.image("file")), implicit("file")))
                .attachRoot(root("r", "file", false));
        assertEquals(HashSet.of("file"), graph.removeNode("a").nodes().keySet());
    }

    @Test
    void attachesAndDetachesRoots() {
        BlockGraph graph = BlockGraph.empty().addNodes(List.of(node("a", Edge.image("file")), node("file")));
        BlockGraph rooted = graph.attachRoot(root("r", "a", true));
        assertEquals("a", rooted.root("r").node());
        assertEquals(HashSet.of("r"), rooted.rootsOn("a"));
        assertEquals(HashSet.of("r"), rooted.rootsAbove(List.of("file", "gone")));
        refused(() -> rooted.attachRoot(root("r", "file", true)), "'r'", "exists already");
        refused(() -> rooted.attachRoot(root("s", "gone", true)), "'gone'", "does not exist");
        refused(() -> rooted.detachRoot("s"), "'s'", "does not exist");
        BlockGraph detached = rooted.detachRoot("r");
        assertEquals(HashSet.empty(), detached.rootsOn("a"));
        assertEquals(HashSet.empty(), detached.rootsAbove(List.of("file")));
        assertSame(graph.node("a"), detached.node("a"));
    }

    @Test
    void aWritableRootNeedsAWritableChain() {
        TestNode file = new TestNode("file");
        file.readOnly = true;
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        BlockNode.of("file", "file", file),
                        node("image", Edge.of("file", "file", ChildRole.DATA)),
                        BlockNode.filter("filter", "passthrough", new TestNode("filter"), "image")));
        for (String name : List.of("file", "image", "filter")) {
            refused(() -> graph.attachRoot(root("r", name, true)).checked(), "'r'", "'file'", "read-only");
            graph.attachRoot(root("r", name, false)).checked();
        }
        graph.addNodes(List.of(node("overlay", Edge.backing("image"))))
                .attachRoot(root("r", "overlay", true))
                .checked();
    }

    @Test
    void reachFollowsAllEdgesAndTheFlushSetLeavesBackingOut() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        BlockNode.filter("f", "passthrough", new TestNode("f"), "overlay"),
                        node("overlay", Edge.image("file"), Edge.backing("base")),
                        node("file"),
                        node("base", Edge.image("basefile")),
                        node("basefile")))
                .attachRoot(root("r", "f", true));
        assertEquals(HashSet.of("f", "overlay", "file", "base", "basefile"), graph.reach("r"));
        assertEquals(HashSet.of("f", "overlay", "file"), graph.flushSet("r"));
        refused(() -> graph.reach("gone"), "'gone'");
        refused(() -> graph.flushSet("gone"), "'gone'");
    }

    static BlockNode node(String name, Edge... children) {
        return BlockNode.of(name, "raw", new TestNode(name), children);
    }

    static BlockNode implicit(String name, Edge... children) {
        return new BlockNode(name, "raw", HashMap.empty(), Vector.of(children), false, true, new TestNode(name));
    }

    static GraphRoot root(String id, String node, boolean writable) {
        return new GraphRoot(id, node, writable, new TestRoot(id));
    }

    static void refused(Executable change, String... parts) {
        GraphException e = assertThrows(GraphException.class, change);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage() + " should say " + part);
        }
    }
}
