// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.annotation.AnyThread;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Views in Graphviz's language. */
@AnyThread
public final class GraphDot {
    private static final String GATED = "#c62828";

    private final StringBuilder out = new StringBuilder();

    private GraphDot() {}

    /**
     * Describes a view to {@code dot}.
     *
     * @param view the view
     * @return a digraph, its last line with its end; one view has one text
     */
    public static String draw(GraphView view) {
        return new GraphDot().drawing(view);
    }

    private String drawing(GraphView view) {
        line("digraph rcublk {");
        line("  graph [label=" + text(Captions.title(view) + "\n" + Captions.subtitle(view))
                + ", labelloc=t, rankdir=TB, fontname=\"sans-serif\"];");
        line("  node [style=\"rounded,filled\", shape=box, fontname=\"sans-serif\"];");
        line("  edge [fontname=\"sans-serif\", fontsize=10, color=\"#4a5568\"];");
        for (RootView root : view.roots()) {
            line("  " + rootId(root) + " ["
                    + box(root.id(), Captions.root(root), Kind.ROOT, root.gated(), "shape=ellipse, ") + "];");
        }
        if (!view.roots().isEmpty()) {
            line("  { rank=min; "
                    + String.join(
                            "; ", view.roots().stream().map(GraphDot::rootId).toList())
                    + "; }");
        }
        for (NodeView node : view.nodes()) {
            String tooltip = "tooltip=" + text(Captions.options(node)) + ", ";
            line("  " + nodeId(node.name()) + " ["
                    + box(node.name(), Captions.node(node), Kind.of(node), node.gated(), tooltip) + "];");
        }
        view.roots().forEach(this::edge);
        for (NodeView node : view.nodes()) {
            node.children().forEach(edge -> edge(node, edge));
        }
        line("}");
        return out.toString();
    }

    private static String box(String name, List<String> lines, Kind kind, boolean gated, String more) {
        List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(lines);
        if (gated) {
            all.add("GATED");
        }
        return more + "label=" + text(String.join("\n", all)) + ", fillcolor=\"" + kind.fill() + "\", color=\""
                + (gated ? GATED + "\", penwidth=3" : kind.stroke() + "\"");
    }

    private void edge(RootView root) {
        line("  " + rootId(root) + " -> " + nodeId(root.node()) + " [label="
                + text(Captions.permissions(root.used(), root.shared())) + "];");
    }

    private void edge(NodeView parent, EdgeView edge) {
        String caption =
                String.join("\n", Captions.edge(edge)) + "\n" + Captions.permissions(edge.used(), edge.shared());
        line("  " + nodeId(parent.name()) + " -> " + nodeId(edge.child()) + " [label=" + text(caption)
                + (Captions.copyOnWrite(edge) ? ", style=dashed" : "") + (edge.frozenBy() == null ? "" : ", penwidth=3")
                + "];");
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    private static String rootId(RootView root) {
        return text("root " + root.id());
    }

    private static String nodeId(String name) {
        return text("node " + name);
    }

    /**
     * A quoted string. A backslash begins an escape in labels, and an ampersand an entity, by which all is written that is not ASCII. Identifiers are compared as they
     * are written, so the same escapes do for them.
     */
    private static String text(String plain) {
        StringBuilder quoted = new StringBuilder("\"");
        plain.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '&' -> quoted.append("&amp;");
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (Character.isISOControl(c) || isHalf(c)) {
                        quoted.append('?');
                    } else if (c < 0x7f) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append("&#").append(c).append(';');
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Half of a surrogate pair, which no encoding can write. */
    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
