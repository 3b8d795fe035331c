// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import io.vavr.collection.Set;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;

/**
 * A drawing of a block graph in plain characters: roots on top, each edge with its name and roles, each node with its
 * driver and kind.
 *
 * <pre>
 * (drive0) writable
 *    |
 *    v
 * [f0: passthrough] filter  ##GATED##
 *    | file: filtered, primary
 *    v
 * [disk: raw] format
 *    | file: data, metadata, primary
 *    v
 * [image: file] protocol
 * </pre>
 *
 * <p>A node with several children draws them one under the other, indented; a node that is reached again is named and
 * not drawn again. Nodes that no root reaches come last.
 */
@AnyThread
public final class GraphDrawing {
    private static final String STEP = "   ";

    private final BlockGraph graph;
    private final Set<String> gated;
    private final StringBuilder out = new StringBuilder();
    private final java.util.Set<String> drawn = new HashSet<>();

    private GraphDrawing(BlockGraph graph, Set<String> gated) {
        this.graph = graph;
        this.gated = gated;
    }

    /**
     * Draws a graph.
     *
     * @param graph the graph
     * @param gated the names of the nodes that are gated
     * @return lines, each with its end; empty for an empty graph
     */
    public static String draw(BlockGraph graph, Set<String> gated) {
        return new GraphDrawing(graph, gated).draw();
    }

    private String draw() {
        List<String> tops =
                graph.roots().values().map(GraphRoot::node).distinct().sorted().toJavaList();
        for (String top : tops) {
            blankLine();
            drawRoots(top);
            drawNode(top, "");
        }
        List<String> unused = graph.nodes()
                .keySet()
                .filter(name -> graph.parents(name).isEmpty() && !drawn.contains(name))
                .toJavaStream()
                .sorted()
                .toList();
        for (String name : unused) {
            blankLine();
            line("", "(no root)");
            drawNode(name, "");
        }
        return out.toString();
    }

    private void drawRoots(String top) {
        List<GraphRoot> roots =
                graph.rootsOn(top).toJavaStream().sorted().map(graph::root).toList();
        line(
                "",
                roots.stream()
                        .map(root -> "(" + root.id() + ") " + (root.writable() ? "writable" : "read-only"))
                        .collect(Collectors.joining("   ")));
        line(STEP, "|");
        line(STEP, "v");
    }

    private void drawNode(String name, String indent) {
        BlockNode node = graph.node(name);
        String label = "[" + name + ": " + node.driver() + "]";
        if (!drawn.add(name)) {
            line(indent, label + " (see above)");
            return;
        }
        line(indent, label + " " + kind(node) + (gated.contains(name) ? "  ##GATED##" : ""));
        if (node.children().size() == 1) {
            drawOnly(node.children().head(), indent + STEP);
        } else {
            node.children().forEach(edge -> drawBranch(edge, indent + STEP));
        }
    }

    private void drawOnly(Edge edge, String indent) {
        line(indent, "| " + label(edge));
        line(indent, "v");
        drawNode(edge.child(), indent.substring(STEP.length()));
    }

    private void drawBranch(Edge edge, String indent) {
        line(indent, "|");
        line(indent, "+-> " + label(edge));
        drawNode(edge.child(), indent + STEP);
    }

    private static String kind(BlockNode node) {
        if (node.filter()) {
            return "filter";
        }
        return node.children().isEmpty() ? "protocol" : "format";
    }

    private static String label(Edge edge) {
        return edge.name() + ": "
                + edge.roles()
                        .toJavaStream()
                        .sorted()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }

    private void line(String indent, String text) {
        out.append(indent).append(text).append('\n');
    }

    private void blankLine() {
        if (!out.isEmpty()) {
            out.append('\n');
        }
    }
}
