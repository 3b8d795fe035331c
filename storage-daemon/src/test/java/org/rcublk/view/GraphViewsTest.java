// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Drain;
import org.rcublk.graph.Edge;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RootState;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

@Timeout(60)
class GraphViewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static BlockGraph diamonds(int height) {
        List<BlockNode> nodes = new java.util.ArrayList<>(List.of(Samples.node("top0", "memory")));
        for (int i = 1; i <= height; i++) {
            String below = "top" + (i - 1);
            nodes.add(Samples.node("left" + i, "passthrough", Edge.filtered(below)));
            nodes.add(Samples.node("right" + i, "raw", Edge.of("file", below, ChildRole.DATA)));
            nodes.add(Samples.node(
                    "top" + i,
                    "quorum",
                    Edge.of("a", "left" + i, ChildRole.DATA),
                    Edge.of("b", "right" + i, ChildRole.DATA)));
        }
        return BlockGraph.empty().addNodes(nodes);
    }

    @Test
    void hasThePermissionsThatTheGraphComputes() {
        BlockGraph graph = Samples.root(diamonds(4), "vda", "top4", false).checked();
        for (NodeView node : Samples.view(graph).nodes()) {
            for (int i = 0; i < node.children().size(); i++) {
                EdgeView edge = node.children().get(i);
                Grant grant = graph.edgeGrant(
                        node.name(), graph.node(node.name()).children().get(i));
                assertEquals(grant.used().words(), edge.used(), node.name());
                assertEquals(grant.shared().words(), edge.shared(), node.name());
            }
        }
    }

    /** Walking up from each edge by itself would take 2^60 steps. */
    @Test
    void takesTimeInProportionToTheGraph() {
        assertEquals(181, Samples.view(diamonds(60)).nodes().size());
    }

    @Test
    void showsGatesAndCountsOfTheVersionThatItIsGiven() {
        LiveGraph<String> live = new LiveGraph<>((root, graph) -> root.id());
        live.commit(
                new AddNodes(List.of(
                        Samples.node("z", "memory"),
                        Samples.node("m", "raw", Edge.image("z")),
                        Samples.node("a", "memory"))),
                PATIENCE);
        RootState busy = new RootState("busy") {
            @Override
            public int parkedRequests() {
                return 7;
            }
        };
        live.commit(new AttachRoot(new GraphRoot("busy", "m", true, busy)), PATIENCE);
        live.commit(new AttachRoot(new GraphRoot("b", "a", false, new RootState("b"))), PATIENCE);
        GraphView before = GraphViews.of(live.current(), node -> -1);
        try (Drain<String> drain = live.drain(List.of("z"), PATIENCE)) {
            assertNotNull(drain);
            GraphView view = GraphViews.live(live.current(), node -> 512, root -> 3);
            assertEquals(live.current().number(), view.version());
            assertEquals(
                    List.of("a", "m", "z"),
                    view.nodes().stream().map(NodeView::name).toList());
            assertEquals(
                    List.of(false, false, true),
                    view.nodes().stream().map(NodeView::gated).toList());
            RootView root = view.roots().get(1);
            assertEquals(
                    new RootView(
                            "busy",
                            "export",
                            "m",
                            List.of("consistent-read", "write"),
                            List.of("consistent-read", "write", "write-unchanged"),
                            true,
                            3,
                            7),
                    root);
            assertFalse(view.roots().getFirst().gated());
        }
        assertTrue(before.nodes().stream().noneMatch(NodeView::gated));
        assertEquals(-1, before.roots().getFirst().inFlight());
        assertEquals(-1, before.roots().getFirst().parked());
    }

    @Test
    void isSortedByNameAndId() {
        GraphView view = Samples.host(30);
        List<String> names = view.nodes().stream().map(NodeView::name).toList();
        assertEquals(names.stream().sorted().toList(), names);
        List<String> ids = view.roots().stream().map(RootView::id).toList();
        assertEquals(ids.stream().sorted().toList(), ids);
    }

    @Test
    void nestedOptionsGetDottedNames() {
        BlockNode node = Samples.node(
                "n", "x", HashMap.of("a", Map.of("b", List.of(1, true), "c", Map.of()), "size", 512, "e", List.of()));
        GraphView view = Samples.view(BlockGraph.empty().addNodes(List.of(node)));
        assertEquals(
                Map.of("a.b.0", "1", "a.b.1", "true", "a.c", "{}", "size", "512", "e", "[]"),
                view.nodes().getFirst().options());
    }
}
