// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Version;
import org.rcublk.io.Device;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;
import org.rcublk.view.GraphViews;

/**
 * The live graph to show. Each report is made of one version, which is loaded once; the counts of requests are read after
 * it while I/O goes on, so a root may have requests in flight that were admitted on an earlier version or on a later one.
 */
@AnyThread
public final class GraphReports {
    private GraphReports() {}

    /**
     * The current version.
     *
     * @param live the live graph
     * @return nodes, roots and what they do now
     */
    public static GraphView view(LiveGraph<PlanNode> live) {
        Version<PlanNode> version = live.current();
        return GraphViews.live(version, new Sizes(version.graph())::of, GraphReports::inFlight);
    }

    /**
     * The current version in the form in which QEMU reports its graph, for scripts that draw that. The numbers are good for
     * one report.
     *
     * @param live the live graph
     * @return the nodes and the edges, those of the roots among them
     */
    public static Map<String, Object> debug(LiveGraph<PlanNode> live) {
        GraphView view = GraphViews.of(live.current(), node -> -1);
        Map<String, Long> ids = new HashMap<>();
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (NodeView node : view.nodes()) {
            nodes.add(node(ids.size() + 1L, "block-driver", node.name()));
            ids.put(node.name(), ids.size() + 1L);
        }
        List<Map<String, Object>> edges = new ArrayList<>();
        for (RootView root : view.roots()) {
            long id = nodes.size() + 1L;
            nodes.add(node(id, root.kind().equals("job") ? "block-job" : "block-backend", root.id()));
            edges.add(edge(id, ids.getOrDefault(root.node(), 0L), "root", root.used(), root.shared()));
        }
        for (NodeView node : view.nodes()) {
            long id = ids.getOrDefault(node.name(), 0L);
            for (EdgeView edge : node.children()) {
                edges.add(edge(id, ids.getOrDefault(edge.child(), 0L), edge.name(), edge.used(), edge.shared()));
            }
        }
        return Map.of("nodes", nodes, "edges", edges);
    }

    /** Requests, where that is known, and not the children that they forked. */
    private static long inFlight(RootState root) {
        return root instanceof Device device
                ? device.inFlight().size()
                : root.domain().openSections();
    }

    private static Map<String, Object> node(long id, String type, String name) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", id);
        node.put("type", type);
        node.put("name", name);
        return node;
    }

    private static Map<String, Object> edge(
            long parent, long child, String name, List<String> used, List<String> shared) {
        Map<String, Object> edge = new LinkedHashMap<>();
        edge.put("parent", parent);
        edge.put("child", child);
        edge.put("name", name);
        edge.put("perm", used);
        edge.put("shared-perm", shared);
        return edge;
    }

    /** The sizes of the nodes of one graph; a plan has those of all that is below it, so they are kept. */
    private static final class Sizes {
        private final PlanCompiler plans = new PlanCompiler();
        private final BlockGraph graph;
        private final Map<String, Long> known = new HashMap<>();

        Sizes(BlockGraph graph) {
            this.graph = graph;
        }

        long of(BlockNode node) {
            Long size = known.get(node.name());
            if (size != null) {
                return size;
            }
            PlanNode plan = plans.compile(node.name(), graph);
            keep(plan);
            return plan.size();
        }

        private void keep(PlanNode plan) {
            if (known.putIfAbsent(plan.name(), plan.size()) == null) {
                for (int i = 0; i < plan.childCount(); i++) {
                    keep(plan.child(i));
                }
            }
        }
    }
}
