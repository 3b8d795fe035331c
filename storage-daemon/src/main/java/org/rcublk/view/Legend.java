// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** What the colours, lines and letters of a picture mean; only those that occur in it, but for the kinds. */
final class Legend {
    private static final double SIZE = 11;
    private static final double ROW = 21;
    private static final double PAD = 12;
    private static final double SAMPLE = 26;
    private static final String PALE = "#4a5568";

    /** A sample of a line, and what it means. */
    private record Line(String attributes, String meaning) {}

    private final List<Line> lines = new ArrayList<>();
    private final boolean gates;

    Legend(GraphView view) {
        gates = view.nodes().stream().anyMatch(NodeView::gated)
                || view.roots().stream().anyMatch(RootView::gated);
        List<EdgeView> edges =
                view.nodes().stream().flatMap(node -> node.children().stream()).toList();
        lines.add(new Line(" stroke-width=\"1.5\"", "requests"));
        if (edges.stream().anyMatch(Captions::copyOnWrite)) {
            lines.add(new Line(" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"", "copy on write: never written to"));
        }
        if (edges.stream().anyMatch(edge -> edge.frozenBy() != null)) {
            lines.add(new Line(" stroke-width=\"3.5\"", "frozen"));
        }
    }

    double height() {
        return 3 * ROW + PAD;
    }

    void draw(Xml xml, double left, double top, double width) {
        xml.element(
                "rect", "x", left, "y", top, "width", width, "height", height(), "rx", 6.0, "fill", "#f7fafc", "stroke",
                "#e2e8f0");
        double y = top + PAD / 2 + ROW / 2;
        double x = left + PAD;
        for (Kind kind : Kind.values()) {
            x = swatch(xml, x, y, kind.fill(), kind.stroke(), kind == Kind.ROOT ? 7.0 : 3.0, kind.word());
        }
        if (gates) {
            swatch(xml, x, y, "#ffffff", "#c62828", 3.0, "gated: new requests wait");
        }
        y += ROW;
        x = left + PAD;
        for (Line line : lines) {
            xml.raw("<path d=\"M" + Xml.number(x) + "," + Xml.number(y) + " h" + Xml.number(SAMPLE + 6) + "\" stroke=\""
                    + PALE + "\"" + line.attributes() + " marker-end=\"url(#rcublk-arrow)\"/>");
            x = label(xml, x + SAMPLE + 14, y, line.meaning());
        }
        label(xml, left + PAD, y + ROW, Captions.PERMISSION_KEY);
    }

    private static double swatch(Xml xml, double x, double y, String fill, String stroke, double radius, String word) {
        xml.element(
                "rect",
                "x",
                x,
                "y",
                y - 7,
                "width",
                SAMPLE,
                "height",
                14.0,
                "rx",
                radius,
                "fill",
                fill,
                "stroke",
                stroke,
                "stroke-width",
                1.6);
        return label(xml, x + SAMPLE + 8, y, word);
    }

    private static double label(Xml xml, double x, double y, String text) {
        xml.text("text", text, "x", x, "y", y + 4, "font-size", SIZE, "fill", PALE);
        return x + TextSize.sans(text, SIZE) + 20;
    }
}
