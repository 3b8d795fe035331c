// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Graphs in words: a line for each root, node and edge. */
final class GraphText {
    private GraphText() {}

    static List<String> lines(GraphView graph) {
        List<String> lines = new ArrayList<>();
        graph.roots().forEach(root -> lines.add(root(root)));
        for (NodeView node : graph.nodes()) {
            lines.add(node(node));
            node.children().forEach(edge -> lines.add("  " + edge(node.name(), edge)));
        }
        return lines;
    }

    static String root(RootView root) {
        return "root " + root.id() + " (" + root.kind() + ") -> " + root.node()
                + permissions(root.used(), root.shared())
                + (root.gated() ? ", gated" : "");
    }

    static String node(NodeView node) {
        StringBuilder line = new StringBuilder("node " + node.name() + " (" + node.driver() + ")");
        if (node.size() >= 0) {
            line.append(", ").append(node.size()).append(" bytes");
        }
        flag(line, node.filter(), "filter");
        flag(line, node.implicit(), "implicit");
        flag(line, node.readOnly(), "read-only");
        flag(line, node.gated(), "gated");
        new TreeMap<>(node.options())
                .forEach((key, value) ->
                        line.append(", ").append(key).append('=').append(value));
        return line.toString().replaceAll("\\p{Cntrl}", "?");
    }

    static String edge(String parent, EdgeView edge) {
        return "edge " + parent + "." + edge.name() + " -> " + edge.child() + " (" + String.join(", ", edge.roles())
                + ")"
                + permissions(edge.used(), edge.shared())
                + (edge.frozenBy() == null ? "" : ", frozen by " + edge.frozenBy());
    }

    private static void flag(StringBuilder line, boolean set, String word) {
        if (set) {
            line.append(", ").append(word);
        }
    }

    private static String permissions(List<String> used, List<String> shared) {
        return " uses " + words(used) + "; shares " + words(shared);
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? "nothing" : String.join(" ", words);
    }
}
