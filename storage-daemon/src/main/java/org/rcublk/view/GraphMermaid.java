// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Views as Mermaid flowcharts, which many documents show as pictures. */
@AnyThread
public final class GraphMermaid {
    private static final String PUNCTUATION = " .,:/-_()";

    private final StringBuilder out = new StringBuilder();
    private final Map<String, String> ids = new HashMap<>();

    private GraphMermaid() {}

    /**
     * Describes a view to Mermaid.
     *
     * @param view the view
     * @return a flowchart with its title, its last line with its end; one view has one text
     */
    public static String draw(GraphView view) {
        return new GraphMermaid().drawing(view);
    }

    private String drawing(GraphView view) {
        line("---");
        line("title: " + Captions.title(view));
        line("---");
        line("flowchart TB");
        int at = 0;
        for (RootView root : view.roots()) {
            line("  r" + at++ + "([" + box(root.id(), Captions.root(root), root.gated()) + "]):::"
                    + style(Kind.ROOT, root.gated()));
        }
        at = 0;
        for (NodeView node : view.nodes()) {
            // not the name: some names, "end" say, are words of the language
            String id = "n" + at++;
            ids.put(node.name(), id);
            line("  " + id + "[" + box(node.name(), Captions.node(node), node.gated()) + "]:::"
                    + style(Kind.of(node), node.gated()));
        }
        at = 0;
        for (RootView root : view.roots()) {
            line("  r" + at++ + " -->|" + text(List.of(Captions.permissions(root.used(), root.shared()))) + "| "
                    + ids.get(root.node()));
        }
        for (NodeView node : view.nodes()) {
            node.children().forEach(edge -> edge(node, edge));
        }
        styles();
        return out.toString();
    }

    private void edge(NodeView parent, EdgeView edge) {
        List<String> lines = new ArrayList<>(Captions.edge(edge));
        lines.add(Captions.permissions(edge.used(), edge.shared()));
        String arrow = edge.frozenBy() != null ? "==>" : Captions.copyOnWrite(edge) ? "-.->" : "-->";
        line("  " + ids.get(parent.name()) + " " + arrow + "|" + text(lines) + "| " + ids.get(edge.child()));
    }

    private void styles() {
        for (Kind kind : Kind.values()) {
            String colours = "fill:" + kind.fill() + ",color:#1a202c,stroke:";
            line("  classDef " + style(kind, false) + " " + colours + kind.stroke());
            line("  classDef " + style(kind, true) + " " + colours + "#c62828,stroke-width:4px");
        }
    }

    private static String style(Kind kind, boolean gated) {
        return kind.word() + (gated ? "Gated" : "");
    }

    private static String box(String name, List<String> lines, boolean gated) {
        List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(lines);
        if (gated) {
            all.add("GATED");
        }
        return text(all);
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    private static String text(List<String> lines) {
        return lines.stream().map(GraphMermaid::escaped).collect(Collectors.joining("<br/>", "\"", "\""));
    }

    /** All that could mean something, to Mermaid, to Markdown or to a browser, and all that is not ASCII, is written as a numbered entity. */
    private static String escaped(String plain) {
        StringBuilder safe = new StringBuilder();
        plain.codePoints().forEach(c -> {
            boolean bullet = c == '-' && safe.isEmpty();
            if (c < 0x7f && (Character.isLetterOrDigit(c) || (PUNCTUATION.indexOf(c) >= 0 && !bullet))) {
                safe.appendCodePoint(c);
            } else if (Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                safe.append('?');
            } else {
                safe.append('#').append(c).append(';');
            }
        });
        return safe.toString();
    }
}
