// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/**
 * Deals the parts of a view out over ranks: roots in the first, each node below all of its users, by the longest way.
 * Boxes are in the even ranks and captions in the odd ones, so that no caption meets a box. An edge that spans more ranks
 * gets a narrow place of its own in each, so that it passes between boxes and not through them.
 */
final class Layers {
    static final double NAME_SIZE = 14;
    static final double LINE_SIZE = 11;
    static final double LINE_HEIGHT = 15;
    static final double BADGE_HEIGHT = 20;
    static final double CAPTION_SIZE = 10.5;
    static final double CAPTION_HEIGHT = 13.5;

    private static final double PASSAGE_WIDTH = 6;

    /** A drawing of more passages is of use to nobody, and must not use up the memory: longer edges then run straight. */
    private static final int MAX_PASSAGES = 200_000;

    final List<List<Item>> ranks = new ArrayList<>();
    final List<Box> boxes = new ArrayList<>();
    final List<Link> links = new ArrayList<>();

    private final Map<String, Item> items = new HashMap<>();
    private int passages;

    Layers(GraphView view) {
        Map<String, NodeView> nodes = new LinkedHashMap<>();
        view.nodes().forEach(node -> nodes.put(node.name(), node));
        Map<String, Integer> layers = layers(nodes, view.roots().isEmpty() ? 0 : 1);
        List<Item> roots = new ArrayList<>();
        for (RootView root : view.roots()) {
            String counts = root.id() + ": " + Captions.permissions(root.used(), root.shared());
            roots.add(box(Kind.ROOT, root.id(), Captions.root(root), counts, root.gated(), 0));
        }
        for (NodeView node : view.nodes()) {
            int rank = 2 * layers.getOrDefault(node.name(), 0);
            Kind kind = Kind.of(node);
            items.put(
                    node.name(),
                    box(kind, node.name(), Captions.node(node), Captions.options(node), node.gated(), rank));
        }
        for (int i = 0; i < roots.size(); i++) {
            RootView root = view.roots().get(i);
            String permissions = Captions.permissions(root.used(), root.shared());
            link(roots.get(i), item(root.node()), List.of(), permissions, false, false);
        }
        for (NodeView node : view.nodes()) {
            for (EdgeView edge : node.children()) {
                String permissions = Captions.permissions(edge.used(), edge.shared());
                boolean frozen = edge.frozenBy() != null;
                boolean copyOnWrite = Captions.copyOnWrite(edge);
                link(item(node.name()), item(edge.child()), Captions.edge(edge), permissions, copyOnWrite, frozen);
            }
        }
    }

    /** The length of the longest way to each node. */
    private static Map<String, Integer> layers(Map<String, NodeView> nodes, int top) {
        Map<String, Integer> users = new HashMap<>();
        nodes.values().forEach(node -> node.children().forEach(edge -> users.merge(edge.child(), 1, Integer::sum)));
        Deque<String> ready = new ArrayDeque<>(nodes.keySet());
        ready.removeIf(users::containsKey);
        Map<String, Integer> layers = new HashMap<>();
        while (!ready.isEmpty()) {
            String name = ready.remove();
            int layer = layers.merge(name, top, Math::max);
            NodeView node = nodes.get(name);
            for (EdgeView edge : node == null ? List.<EdgeView>of() : node.children()) {
                layers.merge(edge.child(), layer + 1, Math::max);
                if (users.merge(edge.child(), -1, Integer::sum) == 0) {
                    ready.add(edge.child());
                }
            }
        }
        return layers;
    }

    private Item item(String node) {
        Item item = items.get(node);
        if (item == null) {
            throw new IllegalArgumentException("node '" + node + "' is used and not part of the view");
        }
        return item;
    }

    private Item box(Kind kind, String name, List<String> lines, String tooltip, boolean gated, int rank) {
        double width = TextSize.bold(name, NAME_SIZE);
        for (String line : lines) {
            width = Math.max(width, TextSize.sans(line, LINE_SIZE));
        }
        double height = 32 + LINE_HEIGHT * lines.size() + (gated ? BADGE_HEIGHT : 0);
        Item item = add(rank, Math.max(110, width + (kind == Kind.ROOT ? 44 : 28)), height);
        boxes.add(new Box(kind, name, lines, tooltip, gated, item));
        return item;
    }

    private void link(
            Item upper, Item lower, List<String> lines, String permissions, boolean copyOnWrite, boolean frozen) {
        List<Item> way = new ArrayList<>();
        way.add(upper);
        double width = TextSize.monospace(permissions, CAPTION_SIZE);
        for (String line : lines) {
            width = Math.max(width, TextSize.sans(line, CAPTION_SIZE));
        }
        way.add(add(upper.rank + 1, width + 8, CAPTION_HEIGHT * (lines.size() + 1) + 4));
        for (int rank = upper.rank + 2; rank < lower.rank && passages < MAX_PASSAGES; rank++) {
            way.add(add(rank, PASSAGE_WIDTH, 0));
            passages++;
        }
        way.add(lower);
        for (int i = 1; i < way.size(); i++) {
            if (way.get(i).rank == way.get(i - 1).rank + 1) {
                Item.link(way.get(i - 1), way.get(i));
            }
        }
        links.add(new Link(way, lines, permissions, copyOnWrite, frozen));
    }

    private Item add(int rank, double width, double height) {
        while (ranks.size() <= rank) {
            ranks.add(new ArrayList<>());
        }
        Item item = new Item(rank, width, height);
        ranks.get(rank).add(item);
        return item;
    }
}
