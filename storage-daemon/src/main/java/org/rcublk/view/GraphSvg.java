// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.List;
import org.rcublk.annotation.AnyThread;

/**
 * Views as pictures: roots on top, each node below all of its users, shared ones once. The picture is an SVG file by
 * itself: no script, no style sheet, no font but the viewer's.
 *
 * <p>The parts, in the order in which they work: {@link Layers} deals out, {@link Crossings} orders, {@link Places} sets
 * apart, {@link Routes} leads the edges, and this class draws.
 */
@AnyThread
public final class GraphSvg {
    private static final double MARGIN = 36;
    private static final double MIN_WIDTH = 640;
    private static final double TITLE_HEIGHT = 84;
    private static final String INK = "#1a202c";
    private static final String PALE = "#4a5568";
    private static final String GATED = "#c62828";

    private final Xml xml = new Xml();

    private GraphSvg() {}

    /**
     * Draws a view.
     *
     * @param view the view: its edges and roots lead to nodes that it has
     * @return an SVG document, its last line with its end; one view has one text
     * @throws IllegalArgumentException when an edge or a root leads elsewhere
     */
    public static String draw(GraphView view) {
        return new GraphSvg().drawing(view, laidOut(view));
    }

    /** A view's items with their places. */
    static Layers laidOut(GraphView view) {
        Layers layers = new Layers(view);
        Crossings.reduce(layers.ranks);
        Places.assign(layers.ranks, TITLE_HEIGHT);
        return layers;
    }

    private String drawing(GraphView view, Layers layers) {
        double right = 0;
        double bottom = TITLE_HEIGHT;
        for (List<Item> rank : layers.ranks) {
            for (Item item : rank) {
                right = Math.max(right, item.right());
                bottom = Math.max(bottom, item.rankBottom);
            }
        }
        Legend legend = new Legend(view);
        double width = Math.max(MIN_WIDTH, right + 2 * MARGIN);
        double shift = (width - right) / 2;
        layers.ranks.forEach(rank -> rank.forEach(item -> item.x += shift));
        double height = bottom + 30 + legend.height() + MARGIN / 2;
        begin(width, height, view);
        xml.raw("<g fill=\"none\" stroke=\"" + PALE + "\" stroke-width=\"1.5\">");
        Routes routes = new Routes(layers.links);
        layers.links.forEach(link -> edge(link, routes.path(link)));
        xml.raw("</g>");
        layers.links.forEach(this::caption);
        layers.boxes.forEach(this::box);
        legend.draw(xml, MARGIN, bottom + 30, width - 2 * MARGIN);
        return xml.raw("</svg>").toString();
    }

    private void begin(double width, double height, GraphView view) {
        xml.raw("<svg"
                + Xml.attributes(
                        "xmlns",
                        "http://www.w3.org/2000/svg",
                        "width",
                        width,
                        "height",
                        height,
                        "viewBox",
                        "0 0 " + Xml.number(width) + " " + Xml.number(height),
                        "font-family",
                        "sans-serif",
                        "fill",
                        INK)
                + ">");
        xml.text("title", Captions.title(view));
        xml.raw("<defs><marker id=\"rcublk-arrow\" viewBox=\"0 0 10 10\" refX=\"9.5\" refY=\"5\" markerWidth=\"9\""
                + " markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0.8 L10,5 L0,9.2 z\""
                + " fill=\"" + PALE + "\"/></marker></defs>");
        xml.element("rect", "width", width, "height", height, "fill", "#ffffff");
        xml.text("text", Captions.title(view), "x", MARGIN, "y", 38.0, "font-size", 20.0, "font-weight", "bold");
        xml.text("text", Captions.subtitle(view), "x", MARGIN, "y", 58.0, "font-size", 12.0, "fill", PALE);
    }

    private void edge(Link link, String path) {
        String dashes = link.copyOnWrite() ? " stroke-dasharray=\"6 4\"" : "";
        String thick = link.frozen() ? " stroke-width=\"3.5\"" : "";
        xml.raw("<path d=\"" + path + "\"" + dashes + thick + " marker-end=\"url(#rcublk-arrow)\"/>");
    }

    private void caption(Link link) {
        Item item = link.caption();
        xml.element(
                "rect",
                "x",
                item.left(),
                "y",
                item.top(),
                "width",
                item.width,
                "height",
                item.height,
                "rx",
                3.0,
                "fill",
                "#ffffff");
        double y = item.top() + Layers.CAPTION_SIZE + 1.5;
        for (String line : link.lines()) {
            centred(line, item.x, y, "font-size", Layers.CAPTION_SIZE, "fill", PALE);
            y += Layers.CAPTION_HEIGHT;
        }
        centred(link.permissions(), item.x, y, "font-size", Layers.CAPTION_SIZE, "font-family", "monospace");
    }

    private void box(Box box) {
        Item item = box.item();
        xml.raw("<g>").text("title", box.tooltip());
        xml.element(
                "rect",
                "x",
                item.left(),
                "y",
                item.top(),
                "width",
                item.width,
                "height",
                item.height,
                "rx",
                box.kind() == Kind.ROOT ? item.height / 2 : 7.0,
                "fill",
                box.kind().fill(),
                "stroke",
                box.gated() ? GATED : box.kind().stroke(),
                "stroke-width",
                box.gated() ? 3.0 : 1.6);
        double y = item.top() + 21;
        centred(box.name(), item.x, y, "font-size", Layers.NAME_SIZE, "font-weight", "bold");
        for (String line : box.lines()) {
            y += Layers.LINE_HEIGHT;
            centred(line, item.x, y, "font-size", Layers.LINE_SIZE);
        }
        if (box.gated()) {
            badge(item);
        }
        xml.raw("</g>");
    }

    private void badge(Item item) {
        xml.element(
                "rect",
                "x",
                item.x - 26,
                "y",
                item.bottom() - 24,
                "width",
                52.0,
                "height",
                16.0,
                "rx",
                4.0,
                "fill",
                GATED);
        centred("GATED", item.x, item.bottom() - 12.5, "font-size", 10.0, "font-weight", "bold", "fill", "#ffffff");
    }

    private void centred(String text, double x, double y, Object... more) {
        xml.raw("<text" + Xml.attributes("x", x, "y", y, "text-anchor", "middle") + Xml.attributes(more) + ">"
                + Xml.escaped(text) + "</text>");
    }
}
