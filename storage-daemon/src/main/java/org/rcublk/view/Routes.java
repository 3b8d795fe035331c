// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths of edges. An edge runs straight down through each rank, at the place that it has there, and swings from one
 * place to the next only between ranks, where no box is. Edges that share a box meet it side by side.
 */
final class Routes {
    /** An arrow comes in straight. */
    private static final double ARROW = 9;

    /** A swing of less than this looks like a mistake. */
    private static final double NEARLY = 4;

    private static final double PORT_GAP = 26;
    private static final double PORTS_SHARE = 0.7;

    private final Map<Link, Double> begins = new HashMap<>();
    private final Map<Link, Double> ends = new HashMap<>();

    Routes(List<Link> links) {
        Map<Item, List<Link>> down = new HashMap<>();
        Map<Item, List<Link>> up = new HashMap<>();
        for (Link link : links) {
            down.computeIfAbsent(link.upper(), item -> new ArrayList<>()).add(link);
            up.computeIfAbsent(link.lower(), item -> new ArrayList<>()).add(link);
        }
        down.forEach((item, all) -> {
            all.sort(Comparator.comparingDouble(link -> link.way().get(1).x));
            ports(item, all, begins);
        });
        up.forEach((item, all) -> {
            all.sort(
                    Comparator.comparingDouble(link -> link.way().get(link.way().size() - 2).x));
            ports(item, all, ends);
        });
    }

    private static void ports(Item item, List<Link> links, Map<Link, Double> into) {
        double gap = Math.min(PORT_GAP, PORTS_SHARE * item.width / links.size());
        double x = item.x - gap * (links.size() - 1) / 2;
        for (Link link : links) {
            into.put(link, x);
            x += gap;
        }
    }

    /** The path in SVG's form. */
    String path(Link link) {
        List<Item> way = link.way();
        double x = begins.getOrDefault(link, link.upper().x);
        double y = link.upper().bottom();
        StringBuilder path = new StringBuilder("M" + point(x, y));
        double from = link.upper().rankBottom;
        for (int i = 1; i < way.size(); i++) {
            Item item = way.get(i);
            boolean last = i == way.size() - 1;
            double toX = last ? ends.getOrDefault(link, item.x) : item.x;
            toX = last && Math.abs(toX - x) < NEARLY ? x : toX;
            if (from > y) {
                path.append(" V").append(Xml.number(from));
            }
            double to = last ? item.rankTop - ARROW : item.rankTop;
            double half = (from + to) / 2;
            path.append(
                    Math.abs(toX - x) < 0.05
                            ? " V" + Xml.number(to)
                            : " C" + point(x, half) + " " + point(toX, half) + " " + point(toX, to));
            x = toX;
            y = to;
            from = item.rankBottom;
        }
        return path.append(
                        link.lower().top() > y ? " V" + Xml.number(link.lower().top()) : "")
                .toString();
    }

    private static String point(double x, double y) {
        return Xml.number(x) + "," + Xml.number(y);
    }
}
