// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.NodeState;
import org.rcublk.graph.Permission;
import org.rcublk.graph.Permissions;
import org.rcublk.graph.RootKind;
import org.rcublk.graph.RootState;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Graphs to show, with what a view can hold. */
final class Samples {
    /** A node that does nothing. */
    private static final class Idle extends NodeState {
        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private Samples() {}

    static BlockNode node(String name, String driver, Map<String, Object> options, Edge... children) {
        boolean filter = children.length > 0 && children[0].is(ChildRole.FILTERED);
        return new BlockNode(name, driver, options, Vector.of(children), filter, false, new Idle());
    }

    static BlockNode node(String name, String driver, Edge... children) {
        return node(name, driver, HashMap.empty(), children);
    }

    static BlockNode file(String name) {
        return node(name, "file", HashMap.of("filename", "/var/lib/images/" + name + ".img"));
    }

    static GraphView view(BlockGraph graph) {
        return GraphViews.of(graph.checked(), 42, node -> 64L << 30);
    }

    static BlockGraph root(BlockGraph graph, String id, String node, boolean writable) {
        return graph.attachRoot(new GraphRoot(id, node, writable, new RootState(id)));
    }

    /** One root, a filter, an overlay, raw, a file. */
    static GraphView demo() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        file("image"),
                        node("disk", "raw", Edge.image("image")),
                        node("top", "overlay", Edge.backing("disk")),
                        node("f0", "passthrough", Edge.filtered("top"))));
        return view(root(graph, "drive0", "f0", true));
    }

    static GraphView sharedBase() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        file("base-file"),
                        node("base", "raw", Edge.of("file", "base-file", ChildRole.DATA, ChildRole.PRIMARY)),
                        node("a", "overlay", Edge.backing("base")),
                        node("b", "overlay", Edge.backing("base")),
                        node("limit-b", "throttle", Edge.filtered("b"))));
        return view(root(root(root(graph, "vm-a", "a", true), "vm-b", "limit-b", true), "backup", "base", false));
    }

    static GraphView fan() {
        List<BlockNode> nodes = new ArrayList<>();
        Edge[] edges = new Edge[3];
        for (int i = 0; i < 3; i++) {
            nodes.add(file("file" + i));
            nodes.add(node("copy" + i, "raw", Edge.image("file" + i)));
            edges[i] = Edge.of("children." + i, "copy" + i, ChildRole.DATA);
        }
        nodes.add(node("vote", "quorum", edges));
        return view(root(BlockGraph.empty().addNodes(nodes), "vda", "vote", true));
    }

    static GraphView chain(int length) {
        List<BlockNode> nodes = new ArrayList<>(List.of(file("n0")));
        for (int i = 1; i < length; i++) {
            nodes.add(
                    node("n" + i, i == 1 ? "raw" : "overlay", i == 1 ? Edge.image("n0") : Edge.backing("n" + (i - 1))));
        }
        return view(root(BlockGraph.empty().addNodes(nodes), "vda", "n" + (length - 1), true));
    }

    static GraphView longNames() {
        String longest = "a-name-of-thirty-one-characters";
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        file(longest.toUpperCase(java.util.Locale.ROOT)),
                        file("B" + longest.substring(1)),
                        node(longest, "raw", Edge.image(longest.toUpperCase(java.util.Locale.ROOT))),
                        node(
                                "O" + longest.substring(1),
                                "qcow2",
                                Edge.image("B" + longest.substring(1)),
                                Edge.backing(longest)),
                        node("M" + longest.substring(1), "throttle", Edge.filtered("O" + longest.substring(1)))));
        return view(root(graph, "an-export-with-a-name-as-long-as-it-likes", "M" + longest.substring(1), true));
    }

    /** Two disks that share a base, one of them in the middle of a change; docs/graph.md shows it. */
    static GraphView gated() {
        GraphView view = sharedBase();
        List<NodeView> nodes = new ArrayList<>();
        for (NodeView n : view.nodes()) {
            boolean gated = n.name().equals("b") || n.name().equals("limit-b");
            List<EdgeView> children = n.children().stream()
                    .map(e -> new EdgeView(
                            e.name(),
                            e.child(),
                            e.roles(),
                            e.used(),
                            e.shared(),
                            n.name().equals("b") ? "commit0" : null))
                    .toList();
            nodes.add(new NodeView(
                    n.name(),
                    n.driver(),
                    n.options(),
                    n.filter(),
                    n.implicit(),
                    n.readOnly(),
                    gated,
                    n.size(),
                    children));
        }
        List<RootView> roots = new ArrayList<>();
        for (RootView r : view.roots()) {
            boolean gated = r.id().equals("vm-b");
            roots.add(new RootView(
                    r.id(), r.kind(), r.node(), r.used(), r.shared(), gated, gated ? 0 : 128, gated ? 64 : 0));
        }
        return new GraphView(1_207, nodes, roots);
    }

    /** A host with several disks, of {@code disks} times six nodes or so. */
    static GraphView host(int disks) {
        List<BlockNode> nodes =
                new ArrayList<>(List.of(file("gold-file"), node("gold", "qcow2", Edge.image("gold-file"))));
        for (int i = 0; i < disks; i++) {
            nodes.add(file("f" + i));
            nodes.add(node("disk" + i, "qcow2", Edge.image("f" + i), Edge.backing("gold")));
            if (i % 2 == 0) {
                nodes.add(node("limit" + i, "throttle", Edge.filtered("disk" + i)));
            }
            if (i % 3 == 0) {
                nodes.add(node("log" + i, "passthrough", Edge.filtered(i % 2 == 0 ? "limit" + i : "disk" + i)));
            }
        }
        BlockGraph graph = BlockGraph.empty().addNodes(nodes);
        for (int i = 0; i < disks; i++) {
            graph = root(graph, "vm" + i, i % 3 == 0 ? "log" + i : i % 2 == 0 ? "limit" + i : "disk" + i, true);
        }
        Grant reads = new Grant(Permissions.of(Permission.CONSISTENT_READ), Permissions.ALL);
        return view(graph.attachRoot(new GraphRoot("audit", "gold-file", RootKind.JOB, reads, new RootState("audit"))));
    }

    static java.util.Map<String, GraphView> all() {
        java.util.Map<String, GraphView> all = new java.util.TreeMap<>();
        all.put("empty", view(BlockGraph.empty()));
        all.put("one", view(BlockGraph.empty().addNodes(List.of(file("alone")))));
        all.put("demo", demo());
        all.put("shared", sharedBase());
        all.put("fan", fan());
        all.put("chain", chain(8));
        all.put("gated", gated());
        all.put("long", longNames());
        all.put("host", host(9));
        return all;
    }
}
