// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lines for people: {@code Class.method(File.java:12)} as in a stack trace, the caller first. */
final class TextAnswer {
    private TextAnswer() {}

    static String write(Answer answer) {
        StringBuilder out = new StringBuilder();
        switch (answer) {
            case Answer.Paths paths -> {
                head(out, paths.question(), paths.size(), paths.omitted());
                for (CallPath path : paths.paths()) {
                    path(out, path);
                }
            }
            case Answer.Calls calls -> {
                head(out, calls.question(), calls.size(), calls.omitted());
                calls.edges().forEach(edge -> call(out, edge));
            }
            case Answer.Members members -> {
                head(out, members.question(), members.size(), members.omitted());
                members.members().forEach(member -> member(out, member));
            }
        }
        return out.toString();
    }

    private static void head(StringBuilder out, String question, int shown, int omitted) {
        out.append(question).append(": ").append(shown + omitted);
        if (omitted > 0) {
            out.append(", of which ").append(shown).append(" are shown");
        }
        out.append('\n');
    }

    private static void path(StringBuilder out, CallPath path) {
        out.append('\n');
        for (int i = 0; i <= path.edges().size(); i++) {
            Node node = AnswerFormat.node(path, i);
            boolean last = i == path.edges().size();
            step(out.append(i == 0 ? "  " : "    "), node, AnswerFormat.line(path, i));
            if (i > 0 && !path.edges().get(i - 1).note().isEmpty()) {
                out.append(' ').append(path.edges().get(i - 1).note());
            }
            labels(out, node.labels());
            if (last && !path.allocation().isEmpty()) {
                out.append(": ").append(path.allocation().getFirst());
            }
            out.append('\n');
        }
    }

    private static void step(StringBuilder out, Node node, int line) {
        String place = AnswerFormat.place(node, line);
        out.append(node.name());
        if (!place.isEmpty()) {
            out.append('(').append(place).append(')');
        }
    }

    private static void labels(StringBuilder out, Set<String> labels) {
        List<String> shown =
                labels.stream().filter(label -> !label.equals(Node.ALLOCATION)).collect(Collectors.toList());
        if (!shown.isEmpty()) {
            out.append(" [").append(String.join(" ", shown)).append(']');
        }
    }

    private static void call(StringBuilder out, Edge edge) {
        step(out.append("  "), edge.from(), edge.line());
        out.append(" -> ").append(edge.to());
        if (!edge.note().isEmpty()) {
            out.append(' ').append(edge.note());
        }
        labels(out, edge.to().labels());
        out.append('\n');
    }

    private static void member(StringBuilder out, DutyCycle.Member member) {
        out.append("  ")
                .append(String.format(
                        java.util.Locale.ROOT, "%-10s", member.known().name().toLowerCase(java.util.Locale.ROOT)));
        step(out, member.method(), member.method().line());
        labels(out, member.method().labels());
        out.append('\n');
    }
}
