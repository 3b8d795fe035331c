// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/** The operations of {@link BlockGraph}, which documents them, written over its primitive updates. */
@AnyThread
final class GraphEdits {
    private GraphEdits() {}

    static BlockGraph addNodes(BlockGraph graph, List<BlockNode> added) {
        Map<String, BlockNode> fresh = new HashMap<>();
        for (BlockNode node : added) {
            if (graph.find(node.name()) != null || fresh.put(node.name(), node) != null) {
                throw new GraphException("node '" + node.name() + "' exists already: choose another name");
            }
        }
        for (BlockNode node : added) {
            for (Edge edge : node.children()) {
                if (graph.find(edge.child()) == null && !fresh.containsKey(edge.child())) {
                    throw new GraphException("node '" + edge.child() + "', child '" + edge.name() + "' of node '"
                            + node.name() + "', does not exist: add it first");
                }
            }
        }
        List<String> cycle = Walk.cycle(fresh);
        if (cycle != null) {
            throw new GraphException(
                    "nodes form a cycle " + String.join(" -> ", cycle) + ": point one of these edges elsewhere");
        }
        BlockGraph result = graph;
        for (BlockNode node : added) {
            result = result.withNode(node);
        }
        return result;
    }

    static BlockGraph removeNode(BlockGraph graph, String name) {
        return removeNode(graph, name, null);
    }

    /** The same, with a child that stays even if it was described inline and nobody uses it any more. */
    private static BlockGraph removeNode(BlockGraph graph, String name, @Nullable String stays) {
        requireUnused(graph, graph.node(name), "remove these first");
        BlockGraph result = graph;
        Deque<BlockNode> doomed = new ArrayDeque<>();
        doomed.add(graph.node(name));
        while (!doomed.isEmpty()) {
            BlockNode node = doomed.remove();
            result = result.withoutNode(node);
            for (Edge edge : node.children()) {
                BlockNode child = result.find(edge.child());
                if (child == null || child.name().equals(stays)) {
                    continue;
                }
                if (goesUnused(result, child) && !doomed.contains(child)) {
                    doomed.add(child);
                }
            }
        }
        return result;
    }

    static BlockGraph attachRoot(BlockGraph graph, GraphRoot root) {
        if (graph.findRoot(root.id()) != null) {
            throw new GraphException("root '" + root.id() + "' exists already: choose another id");
        }
        graph.node(root.node());
        return graph.withRoot(root);
    }

    static BlockGraph insertFilter(BlockGraph graph, String name, BlockNode filter) {
        graph.node(name);
        Edge filtered = filter.child(ChildRole.FILTERED);
        if (!filter.filter() || filtered == null || !filtered.child().equals(name)) {
            throw new GraphException("node '" + filter.name() + "' is no filter over node '" + name
                    + "': give it a FILTERED child '" + name + "'");
        }
        return moveUsers(addNodes(graph, List.of(filter)), name, filter.name());
    }

    static BlockGraph dropFilter(BlockGraph graph, String name) {
        BlockNode filter = graph.node(name);
        Edge filtered = filter.child(ChildRole.FILTERED);
        if (!filter.filter() || filtered == null) {
            throw new GraphException("node '" + name + "' is no filter: remove its users and then the node instead");
        }
        return removeNode(moveUsers(graph, name, filtered.child()), name, filtered.child());
    }

    static BlockGraph appendOverlay(BlockGraph graph, String base, String overlay) {
        graph.node(base);
        BlockNode top = graph.node(overlay);
        if (base.equals(overlay)) {
            throw new GraphException("node '" + base + "' cannot be laid over itself: add an overlay for it");
        }
        Edge backing = top.child(ChildRole.COW);
        if (backing != null) {
            throw new GraphException("node '" + overlay + "' has the backing child '" + backing.child()
                    + "' already: use an overlay without one");
        }
        if (top.filter()) {
            throw new GraphException("node '" + overlay + "' is a filter: use insert-filter for it");
        }
        requireUnused(graph, top, "use an overlay that nobody uses");
        BlockGraph linked = graph.withNode(top.withChildren(top.children().append(Edge.backing(base))));
        return moveUsers(linked, base, overlay);
    }

    /**
     * Moves parents and roots from a node to another. The node above of the two is not a user that moves, nor is any
     * parent that the new place reaches: its edge would close a cycle.
     */
    static BlockGraph moveUsers(BlockGraph graph, String from, String to) {
        BlockGraph result = graph;
        Set<String> users = graph.parents(from);
        java.util.Set<String> below = below(graph, users, from, to);
        for (String parent : users) {
            if (!below.contains(parent)) {
                result = result.withNode(result.node(parent).redirected(from, to));
            }
        }
        for (String id : graph.rootsOn(from)) {
            result = result.withRoot(result.root(id).on(to));
        }
        return result;
    }

    /** What {@code to} reaches by other ways than through {@code from}: no parent there may get an edge to it. */
    private static java.util.Set<String> below(BlockGraph graph, Set<String> users, String from, String to) {
        boolean childOfFrom = graph.node(from).children().exists(e -> e.child().equals(to));
        if (users.isEmpty() || childOfFrom) {
            return java.util.Set.of(); // what is below a node does not reach its parents
        }
        return Walk.down(graph, io.vavr.collection.List.of(to), e -> !e.child().equals(from));
    }

    /** Refuses an edge that would close a cycle. */
    static void requireNoCycle(BlockGraph graph, String parent, String child) {
        if (Walk.down(graph, io.vavr.collection.List.of(child), Walk.ALL).contains(parent)) {
            throw new GraphException("node '" + child + "' cannot become a child of node '" + parent
                    + "', which it reaches: that would be a cycle; name another node");
        }
    }

    /** Removes a node that was described inline, once nobody uses it any more. */
    static BlockGraph removeUnusedImplicit(BlockGraph graph, String name) {
        BlockNode node = graph.node(name);
        return goesUnused(graph, node) ? removeNode(graph, name) : graph;
    }

    private static boolean goesUnused(BlockGraph graph, BlockNode node) {
        return node.implicit() && unused(graph, node);
    }

    private static boolean unused(BlockGraph graph, BlockNode node) {
        return graph.parents(node.name()).isEmpty()
                && graph.rootsOn(node.name()).isEmpty();
    }

    private static void requireUnused(BlockGraph graph, BlockNode node, String mend) {
        if (!unused(graph, node)) {
            throw new GraphException(
                    "node '" + node.name() + "' is in use by " + users(graph, node.name()) + ": " + mend);
        }
    }

    private static String users(BlockGraph graph, String name) {
        @Nullable
        String nodes = graph.parents(name).isEmpty()
                ? null
                : graph.parents(name).toSortedSet().mkString("node '", "', node '", "'");
        @Nullable
        String roots = graph.rootsOn(name).isEmpty()
                ? null
                : graph.rootsOn(name).toSortedSet().mkString("root '", "', root '", "'");
        return nodes == null ? String.valueOf(roots) : roots == null ? nodes : nodes + ", " + roots;
    }
}
