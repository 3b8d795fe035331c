// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** What a text must keep to that was made of a graph: drawing relies on it. */
final class ViewCheck {
    private ViewCheck() {}

    static void check(GraphView view) {
        Map<String, NodeView> nodes = new LinkedHashMap<>();
        for (NodeView node : view.nodes()) {
            if (nodes.put(node.name(), node) != null) {
                throw new GraphJsonException("graph: two nodes have the name '" + node.name() + "'");
            }
        }
        Set<String> ids = new HashSet<>();
        for (RootView root : view.roots()) {
            if (!ids.add(root.id())) {
                throw new GraphJsonException("graph: two roots have the id '" + root.id() + "'");
            }
            requireNode(nodes, root.node(), "root '" + root.id() + "'");
        }
        Map<String, Integer> parents = new HashMap<>();
        for (NodeView node : view.nodes()) {
            for (EdgeView edge : node.children()) {
                requireNode(nodes, edge.child(), "edge '" + edge.name() + "' of node '" + node.name() + "'");
                parents.merge(edge.child(), 1, Integer::sum);
            }
        }
        requireNoCycle(nodes, parents);
    }

    private static void requireNode(Map<String, NodeView> nodes, String name, String user) {
        if (!nodes.containsKey(name)) {
            throw new GraphJsonException("graph: " + user + " leads to node '" + name + "', which does not exist");
        }
    }

    private static void requireNoCycle(Map<String, NodeView> nodes, Map<String, Integer> parents) {
        Deque<String> tops = new ArrayDeque<>(nodes.keySet());
        tops.removeIf(parents::containsKey);
        Map<String, NodeView> left = new LinkedHashMap<>(nodes);
        while (!tops.isEmpty()) {
            NodeView node = left.remove(tops.remove());
            for (EdgeView edge : node == null ? List.<EdgeView>of() : node.children()) {
                if (parents.merge(edge.child(), -1, Integer::sum) == 0) {
                    tops.add(edge.child());
                }
            }
        }
        if (!left.isEmpty()) {
            throw new GraphJsonException("graph: its edges form a cycle, and node '"
                    + left.keySet().iterator().next() + "' is in or below it");
        }
    }
}
