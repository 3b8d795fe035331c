// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rcublk.history.GraphDiff;
import org.rcublk.history.GraphDiff.Difference;
import org.rcublk.history.GraphDiff.EdgeDifference;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Differences in lines, as {@code diff} has them, and as JSON. */
final class DiffText {
    private DiffText() {}

    static List<String> lines(GraphDiff diff) {
        List<String> lines = new ArrayList<>();
        diff.roots().forEach(root -> add(lines, root, GraphText::root));
        diff.nodes().forEach(node -> add(lines, node, GraphText::node));
        diff.edges().forEach(edge -> add(lines, edge.edge(), view -> GraphText.edge(edge.parent(), view)));
        return lines;
    }

    private static <T> void add(List<String> lines, Difference<T> difference, Function<T, String> words) {
        T before = difference.before();
        if (before != null) {
            lines.add("- " + words.apply(before));
        }
        T after = difference.after();
        if (after != null) {
            lines.add("+ " + words.apply(after));
        }
    }

    /** Each difference has its name, and 'before' and 'after' where there is one. */
    static Map<String, Object> map(String from, String to, GraphDiff diff) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("from", from);
        map.put("to", to);
        map.put("roots", diff.roots().stream().map(d -> map(d, DiffText::root)).toList());
        map.put("nodes", diff.nodes().stream().map(d -> map(d, DiffText::node)).toList());
        map.put("edges", diff.edges().stream().map(DiffText::edge).toList());
        return map;
    }

    private static Map<String, Object> edge(EdgeDifference edge) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("parent", edge.parent());
        map.putAll(map(edge.edge(), DiffText::edge));
        return map;
    }

    private static <T> Map<String, Object> map(Difference<T> difference, Function<T, Object> value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", difference.name());
        put(map, "before", difference.before(), value);
        put(map, "after", difference.after(), value);
        return map;
    }

    private static <T> void put(Map<String, Object> map, String key, @Nullable T view, Function<T, Object> value) {
        if (view != null) {
            map.put(key, value.apply(view));
        }
    }

    private static Object root(RootView root) {
        return only("roots", new GraphView(0, List.of(), List.of(root)));
    }

    /** Without its edges, which are told apart. */
    private static Object node(NodeView n) {
        NodeView alone = new NodeView(
                n.name(),
                n.driver(),
                n.options(),
                n.filter(),
                n.implicit(),
                n.readOnly(),
                n.gated(),
                n.size(),
                List.of());
        return only("nodes", new GraphView(0, List.of(alone), List.of()));
    }

    private static Object edge(EdgeView edge) {
        NodeView parent = new NodeView("parent", "", Map.of(), false, false, false, false, -1, List.of(edge));
        Map<?, ?> node = (Map<?, ?>) only("nodes", new GraphView(0, List.of(parent), List.of()));
        return first(node.get("children"));
    }

    private static Object only(String key, GraphView view) {
        return first(GraphJson.toMap(view).get(key));
    }

    private static Object first(@Nullable Object list) {
        if (list instanceof List<?> values && !values.isEmpty()) {
            return values.getFirst();
        }
        throw new IllegalStateException("a view's JSON has no such list");
    }
}
