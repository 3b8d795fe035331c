// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rcublk.history.HistoryEntry.Changes;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/**
 * What differs between two views, by name. Nodes are compared without their edges, which stand by themselves.
 *
 * @param nodes nodes that differ in something else than their edges
 * @param edges edges that differ, by their parent's and their own name
 * @param roots roots that differ
 */
public record GraphDiff(
        List<Difference<NodeView>> nodes, List<EdgeDifference> edges, List<Difference<RootView>> roots) {

    /** Copies the lists. */
    public GraphDiff {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        roots = List.copyOf(roots);
    }

    /**
     * One thing before and after. At least one of the two is there.
     *
     * @param name its name
     * @param before what it was; null when it was added
     * @param after what it is; null when it was removed
     * @param <T> the view of it
     */
    public record Difference<T>(
            String name, @Nullable T before, @Nullable T after) {}

    /**
     * One edge before and after.
     *
     * @param parent the parent's name
     * @param edge the edge; its name is the child's within the parent
     */
    public record EdgeDifference(String parent, Difference<EdgeView> edge) {}

    /**
     * Compares two views. Their numbers, and counts of requests, do not matter.
     *
     * @param before the one
     * @param after the other
     * @return what differs, sorted by name
     */
    public static GraphDiff between(GraphView before, GraphView after) {
        Map<String, NodeView> oldNodes = byName(before.nodes(), NodeView::name);
        Map<String, NodeView> newNodes = byName(after.nodes(), NodeView::name);
        List<Difference<NodeView>> nodes = new ArrayList<>();
        List<EdgeDifference> edges = new ArrayList<>();
        for (String name : union(oldNodes, newNodes)) {
            NodeView was = oldNodes.get(name);
            NodeView is = newNodes.get(name);
            if (is != null && is.equals(was)) {
                continue;
            }
            if (was == null || is == null || !withoutEdges(was).equals(withoutEdges(is))) {
                nodes.add(new Difference<>(name, was, is));
            }
            for (Difference<EdgeView> edge : differences(edges(was), edges(is))) {
                edges.add(new EdgeDifference(name, edge));
            }
        }
        return new GraphDiff(nodes, edges, differences(roots(before), roots(after)));
    }

    /**
     * Whether the two views were the same.
     *
     * @return whether there is no difference
     */
    public boolean isEmpty() {
        return nodes.isEmpty() && edges.isEmpty() && roots.isEmpty();
    }

    /** The names alone. */
    Changes names() {
        Set<String> changed = new TreeSet<>();
        nodes.stream().filter(d -> d.before() != null && d.after() != null).forEach(d -> changed.add(d.name()));
        Set<String> added = addedNames(nodes);
        Set<String> removed = removedNames(nodes);
        edges.stream()
                .map(EdgeDifference::parent)
                .filter(parent -> !added.contains(parent) && !removed.contains(parent))
                .forEach(changed::add);
        List<String> changedRoots = roots.stream()
                .filter(d -> d.before() != null && d.after() != null)
                .map(Difference::name)
                .toList();
        return new Changes(
                List.copyOf(added),
                List.copyOf(removed),
                List.copyOf(changed),
                List.copyOf(addedNames(roots)),
                List.copyOf(removedNames(roots)),
                changedRoots);
    }

    private static <T> Set<String> addedNames(List<Difference<T>> differences) {
        Set<String> names = new TreeSet<>();
        differences.stream().filter(d -> d.before() == null).forEach(d -> names.add(d.name()));
        return names;
    }

    private static <T> Set<String> removedNames(List<Difference<T>> differences) {
        Set<String> names = new TreeSet<>();
        differences.stream().filter(d -> d.after() == null).forEach(d -> names.add(d.name()));
        return names;
    }

    private static <T> List<Difference<T>> differences(Map<String, T> before, Map<String, T> after) {
        List<Difference<T>> found = new ArrayList<>();
        for (String name : union(before, after)) {
            T was = before.get(name);
            T is = after.get(name);
            if (was == null || !was.equals(is)) {
                found.add(new Difference<>(name, was, is));
            }
        }
        return found;
    }

    private static Set<String> union(Map<String, ?> a, Map<String, ?> b) {
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }

    private static <T> Map<String, T> byName(List<T> list, Function<T, String> name) {
        Map<String, T> map = new TreeMap<>();
        list.forEach(t -> map.put(name.apply(t), t));
        return map;
    }

    private static Map<String, EdgeView> edges(@Nullable NodeView node) {
        return node == null ? Map.of() : byName(node.children(), EdgeView::name);
    }

    private static Map<String, RootView> roots(GraphView view) {
        Map<String, RootView> map = new TreeMap<>();
        for (RootView r : view.roots()) {
            map.put(r.id(), new RootView(r.id(), r.kind(), r.node(), r.used(), r.shared(), r.gated(), -1, -1));
        }
        return map;
    }

    private static NodeView withoutEdges(NodeView n) {
        return new NodeView(
                n.name(),
                n.driver(),
                n.options(),
                n.filter(),
                n.implicit(),
                n.readOnly(),
                n.gated(),
                n.size(),
                List.of());
    }
}
