// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Traversals of a graph. All are iterative, since a chain of overlays may be deeper than a stack, and none looks at a
 * node that the starting points do not reach.
 */
@AnyThread
final class Walk {
    private Walk() {}

    /** Follows every edge. */
    static final Predicate<Edge> ALL = e -> true;

    /** The nodes that the given ones reach, themselves included, over the edges that are followed. */
    static Set<String> down(BlockGraph graph, Iterable<String> from, Predicate<Edge> follow) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>();
        from.forEach(next::add);
        while (!next.isEmpty()) {
            String name = next.poll();
            BlockNode node = graph.find(name);
            if (node == null || !seen.add(name)) {
                continue;
            }
            for (Edge edge : node.children()) {
                if (follow.test(edge)) {
                    next.add(edge.child());
                }
            }
        }
        return seen;
    }

    /** The nodes that reach one of the given ones, themselves included. */
    static Set<String> up(BlockGraph graph, Iterable<String> from) {
        return up(graph, from, ALL);
    }

    /** The nodes that reach one of the given ones, themselves included, over the edges that are followed. */
    static Set<String> up(BlockGraph graph, Iterable<String> from, Predicate<Edge> follow) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>();
        from.forEach(next::add);
        while (!next.isEmpty()) {
            String name = next.poll();
            if (graph.find(name) == null || !seen.add(name)) {
                continue;
            }
            for (String parent : graph.parents(name)) {
                if (Identity.same(follow, ALL) || leadsTo(graph.node(parent), name, follow)) {
                    next.add(parent);
                }
            }
        }
        return seen;
    }

    private static boolean leadsTo(BlockNode parent, String child, Predicate<Edge> follow) {
        for (Edge edge : parent.children()) {
            if (edge.child().equals(child) && follow.test(edge)) {
                return true;
            }
        }
        return false;
    }

    /** The given nodes, each before those of them that it reaches. */
    static List<BlockNode> parentsFirst(BlockGraph graph, Set<String> names) {
        List<BlockNode> finished = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String start : names) {
            BlockNode first = graph.find(start);
            if (first != null && seen.add(start)) {
                finish(graph, first, seen, finished);
            }
        }
        List<BlockNode> ordered = finished.reversed();
        return ordered.stream().filter(n -> names.contains(n.name())).toList();
    }

    private static void finish(BlockGraph graph, BlockNode first, Set<String> seen, List<BlockNode> finished) {
        Deque<BlockNode> path = new ArrayDeque<>();
        Deque<Iterator<Edge>> edges = new ArrayDeque<>();
        path.push(first);
        edges.push(first.children().iterator());
        while (!path.isEmpty()) {
            if (!edges.element().hasNext()) {
                edges.pop();
                finished.add(path.pop());
                continue;
            }
            BlockNode child = graph.find(edges.element().next().child());
            if (child != null && seen.add(child.name())) {
                path.push(child);
                edges.push(child.children().iterator());
            }
        }
    }

    /**
     * A cycle among new nodes, or null. Nodes that exist already cannot lead to new ones, so only the new are looked at.
     */
    static @Nullable List<String> cycle(Map<String, BlockNode> fresh) {
        Set<String> done = new HashSet<>();
        for (BlockNode start : fresh.values()) {
            List<String> found = done.contains(start.name()) ? null : cycleFrom(start, fresh, done);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable List<String> cycleFrom(BlockNode start, Map<String, BlockNode> fresh, Set<String> done) {
        Map<String, Iterator<Edge>> path = new LinkedHashMap<>();
        Deque<String> stack = new ArrayDeque<>();
        path.put(start.name(), start.children().iterator());
        stack.push(start.name());
        while (!stack.isEmpty()) {
            String name = stack.element();
            Iterator<Edge> edges = path.get(name);
            if (edges == null || !edges.hasNext()) {
                path.remove(stack.pop());
                done.add(name);
                continue;
            }
            BlockNode child = fresh.get(edges.next().child());
            if (child != null && path.containsKey(child.name())) {
                List<String> names = new ArrayList<>(path.keySet());
                List<String> loop = new ArrayList<>(names.subList(names.indexOf(child.name()), names.size()));
                loop.add(child.name());
                return loop;
            }
            if (child != null && !done.contains(child.name())) {
                path.put(child.name(), child.children().iterator());
                stack.push(child.name());
            }
        }
        return null;
    }
}
