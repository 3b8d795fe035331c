// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A graph for Graphviz: what has a rule or blocks is coloured. */
final class DotAnswer {
    private final Map<Node, Integer> numbers = new LinkedHashMap<>();
    private final Set<String> lines = new LinkedHashSet<>();

    private DotAnswer() {}

    static String write(Answer answer) {
        DotAnswer dot = new DotAnswer();
        String question = switch (answer) {
            case Answer.Paths paths -> {
                paths.paths().forEach(dot::path);
                yield paths.question();
            }
            case Answer.Calls calls -> {
                calls.edges().forEach(dot::edge);
                yield calls.question();
            }
            case Answer.Members members -> {
                members.members().forEach(member -> dot.number(member.method()));
                dot.edgesWithin();
                yield members.question();
            }
        };
        return "digraph calls {\n  label=\"" + quoted(question)
                + "\";\n  rankdir=LR;\n  node [shape=box, style=filled, fillcolor=white, fontname=\"monospace\"];\n"
                + String.join("", dot.lines) + "}\n";
    }

    private void path(CallPath path) {
        int end = number(path.end());
        number(path.start());
        path.edges().forEach(this::edge);
        for (Allocation allocation : path.allocation()) {
            String text = quoted(allocation + " at line " + allocation.line());
            String name = "a" + end + "_" + lines.size();
            lines.add("  " + name + " [shape=note, fillcolor=lightyellow, label=\"" + text + "\"];\n");
            lines.add("  n" + end + " -> " + name + " [style=dotted];\n");
        }
    }

    private void edgesWithin() {
        for (Node node : Set.copyOf(numbers.keySet())) {
            node.out().stream().filter(edge -> numbers.containsKey(edge.to())).forEach(this::edge);
        }
    }

    private void edge(Edge edge) {
        int from = number(edge.from());
        int to = number(edge.to());
        String label = (edge.line() > 0 ? edge.line() + " " : "") + edge.note();
        lines.add("  n" + from + " -> n" + to + " [label=\"" + quoted(label.strip()) + "\"];\n");
    }

    private int number(Node node) {
        Integer known = numbers.get(node);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        numbers.put(node, number);
        String labels = String.join(" ", node.labels());
        lines.add("  n" + number + " [label=\"" + quoted(node.name()) + (labels.isEmpty() ? "" : "\\n" + quoted(labels))
                + "\", fillcolor=" + colour(node) + "];\n");
        return number;
    }

    private static String colour(Node node) {
        if (node.labels().contains(Node.BLOCKING) || node.labels().contains("@WaitsForGracePeriod")) {
            return "lightcoral";
        }
        if (node.labels().contains("@GlobalState")) {
            return "lightsalmon";
        }
        return node.labels().contains("@IoThreadOnly") ? "lightblue" : "white";
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
