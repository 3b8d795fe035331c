// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.PlanFactory;

/** Compiles what a root reaches into {@link PlanNode}s: direct references, so that I/O looks nothing up by name. */
@AnyThread
public final class PlanCompiler implements PlanFactory<PlanNode> {
    /** A compiler; it keeps nothing. */
    public PlanCompiler() {}

    @Override
    public PlanNode compile(GraphRoot root, BlockGraph graph) {
        return compile(root.node(), graph);
    }

    @Override
    public long size(PlanNode plan) {
        return plan.size();
    }

    /**
     * Compiles the plan below a node.
     *
     * @param node the node's name
     * @param graph a version's graph
     * @return the plan whose top is the node
     * @throws GraphException if a node's state is not a block driver
     */
    public PlanNode compile(String node, BlockGraph graph) {
        return compile(node, graph, new HashMap<>());
    }

    private PlanNode compile(String name, BlockGraph graph, Map<String, PlanNode> done) {
        PlanNode known = done.get(name);
        if (known != null) {
            return known;
        }
        BlockNode node = graph.node(name);
        if (!(node.state() instanceof BlockDriver driver)) {
            throw new GraphException("node " + name + " (" + node.driver() + ") has no block driver that can do I/O");
        }
        PlanNode[] children = new PlanNode[node.children().size()];
        PlanNode main = null;
        PlanNode backing = null;
        int at = 0;
        for (Edge edge : node.children()) {
            PlanNode child = compile(edge.child(), graph, done);
            children[at++] = child;
            main = chooseMain(main, edge, child);
            if (edge.roles().contains(ChildRole.COW)) {
                backing = child;
            }
        }
        PlanNode plan = new PlanNode(node, driver, children, main, backing);
        done.put(name, plan);
        return plan;
    }

    private static @Nullable PlanNode chooseMain(@Nullable PlanNode main, Edge edge, PlanNode child) {
        boolean carriesData = edge.roles().contains(ChildRole.FILTERED)
                || edge.roles().contains(ChildRole.PRIMARY)
                || edge.roles().contains(ChildRole.DATA);
        return main == null && carriesData ? child : main;
    }
}
