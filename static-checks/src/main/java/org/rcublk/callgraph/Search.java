// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a graph breadth first, so that of all ways to a node the shortest is found.
 *
 * @param cuts calls that are not followed
 * @param stops nodes that are reached but not gone through, unless the way begins there
 * @param depth how many calls at most
 */
public record Search(Cuts cuts, List<Selector> stops, int depth) {
    /** Follows everything. */
    public static final Search ALL = new Search(Cuts.NONE, List.of(), Integer.MAX_VALUE);

    /** How a node was first reached: by which call, after how many; a start by none. */
    private record Step(@Nullable Edge by, int depth) {}

    /** Which way to go, and what not to follow for this question. */
    private interface Edges {
        Collection<Edge> of(Node node);
    }

    /** The same, and does not go through nodes with these labels either. */
    Search withStops(List<String> labels) {
        List<Selector> all = new ArrayList<>(stops);
        labels.forEach(label -> all.add(Selector.ofLabel(label)));
        return new Search(cuts, all, depth);
    }

    private boolean stopsAt(Node node) {
        return stops.stream().anyMatch(stop -> stop.test(node));
    }

    private Map<Node, Step> reach(Collection<Node> starts, Edges edges) {
        Map<Node, Step> reached = new LinkedHashMap<>();
        Deque<Node> todo = new ArrayDeque<>();
        Map<Edge, Boolean> cut = new HashMap<>();
        for (Node start : starts) {
            reached.put(start, new Step(null, 0));
            todo.add(start);
        }
        while (!todo.isEmpty()) {
            Node node = todo.remove();
            Step step = reached.get(node);
            if (step == null || step.depth() >= depth || (step.by() != null && stopsAt(node))) {
                continue;
            }
            for (Edge edge : edges.of(node)) {
                Node next = edge.from().equals(node) ? edge.to() : edge.from();
                if (!reached.containsKey(next) && !cut.computeIfAbsent(edge, cuts::cuts)) {
                    reached.put(next, new Step(edge, step.depth() + 1));
                    todo.add(next);
                }
            }
        }
        return reached;
    }

    /**
     * The shortest way to each node that can be reached.
     *
     * @param starts where to begin
     * @param to which nodes count
     * @return the ways, the shortest first
     */
    public List<CallPath> paths(Collection<Node> starts, Selector to) {
        Map<Node, Step> reached = reach(starts, Node::out);
        List<CallPath> found = new ArrayList<>();
        for (Node node : reached.keySet()) {
            if (to.test(node)) {
                found.add(path(reached, node, List.of()));
            }
        }
        return sorted(found);
    }

    /**
     * The shortest way for each pair of a start and a node that can be reached from it.
     *
     * @param starts where to begin
     * @param to which nodes count
     * @return the ways, the shortest first
     */
    public List<CallPath> allPairs(Collection<Node> starts, Selector to) {
        List<CallPath> found = new ArrayList<>();
        for (Node start : starts) {
            found.addAll(paths(List.of(start), to));
        }
        return sorted(found);
    }

    /**
     * The places that allocate and can be reached, leaving out what leads only to a throw.
     *
     * @param starts where to begin
     * @return a shortest way to each place
     */
    public List<CallPath> allocations(Collection<Node> starts) {
        Map<Node, Step> reached = reach(
                starts,
                node -> node.out().stream().filter(edge -> !edge.throwing()).toList());
        List<CallPath> found = new ArrayList<>();
        for (Node node : reached.keySet()) {
            for (Allocation allocation : node.allocations()) {
                found.add(path(reached, node, List.of(allocation)));
            }
        }
        return sorted(found);
    }

    /**
     * All nodes that can be reached, the starts among them.
     *
     * @param starts where to begin
     * @return nodes, the nearest first
     */
    public Set<Node> reached(Collection<Node> starts) {
        return new LinkedHashSet<>(reach(starts, Node::out).keySet());
    }

    /**
     * The calls that lead to nodes.
     *
     * @param to the nodes
     * @return calls that are followed, nearest first
     */
    public List<Edge> callers(Collection<Node> to) {
        return around(to, Node::in);
    }

    /**
     * The calls that nodes make.
     *
     * @param from the nodes
     * @return calls that are followed, nearest first
     */
    public List<Edge> callees(Collection<Node> from) {
        return around(from, Node::out);
    }

    private List<Edge> around(Collection<Node> starts, Edges edges) {
        List<Edge> found = new ArrayList<>();
        reach(starts, edges).forEach((node, step) -> {
            if (step.depth() < depth && (step.by() == null || !stopsAt(node))) {
                edges.of(node).stream().filter(edge -> !cuts.cuts(edge)).forEach(found::add);
            }
        });
        return found;
    }

    private static CallPath path(Map<Node, Step> reached, Node end, List<Allocation> allocation) {
        List<Edge> edges = new ArrayList<>();
        Node node = end;
        for (Step step = reached.get(end); step != null && step.by() != null; step = reached.get(node)) {
            edges.addFirst(step.by());
            node = step.by().from();
        }
        return new CallPath(node, List.copyOf(edges), allocation);
    }

    private static List<CallPath> sorted(List<CallPath> paths) {
        paths.sort(Comparator.<CallPath>comparingInt(path -> path.edges().size())
                .thenComparing(CallPath::start)
                .thenComparing(CallPath::end));
        return List.copyOf(paths);
    }
}
