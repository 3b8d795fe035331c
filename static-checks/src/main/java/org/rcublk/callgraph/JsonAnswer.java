// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A JSON object. It is written by hand: this module has no other use for a JSON library. */
final class JsonAnswer {
    private JsonAnswer() {}

    static String write(Answer answer) {
        return switch (answer) {
            case Answer.Paths(String question, List<CallPath> paths, int omitted) ->
                object(question, "paths", paths.stream().map(JsonAnswer::path).toList(), omitted);
            case Answer.Calls(String question, List<Edge> edges, int omitted) ->
                object(question, "calls", edges.stream().map(JsonAnswer::call).toList(), omitted);
            case Answer.Members(String question, List<DutyCycle.Member> members, int omitted) ->
                object(
                        question,
                        "methods",
                        members.stream().map(JsonAnswer::member).toList(),
                        omitted);
        };
    }

    private static String object(String question, String name, List<String> items, int omitted) {
        return "{\"question\":" + string(question) + ",\"omitted\":" + omitted + ",\"" + name + "\":["
                + items.stream().map(item -> "\n  " + item).collect(Collectors.joining(",")) + "\n]}\n";
    }

    private static String path(CallPath path) {
        String steps = IntStream.rangeClosed(0, path.edges().size())
                .mapToObj(i -> "{" + node(AnswerFormat.node(path, i), AnswerFormat.line(path, i)) + note(path, i) + "}")
                .collect(Collectors.joining(","));
        String allocation = path.allocation().isEmpty()
                ? ""
                : ",\"allocation\":" + string(path.allocation().getFirst().toString());
        return "{\"length\":" + path.edges().size() + allocation + ",\"steps\":[" + steps + "]}";
    }

    private static String note(CallPath path, int index) {
        return index == 0 ? "" : kind(path.edges().get(index - 1));
    }

    private static String kind(Edge edge) {
        return ",\"kind\":" + string(edge.kind().name().toLowerCase(Locale.ROOT)) + ",\"note\":" + string(edge.note());
    }

    private static String call(Edge edge) {
        return "{\"from\":{" + node(edge.from(), edge.line()) + "},\"to\":{"
                + node(edge.to(), edge.to().line()) + "}" + kind(edge) + "}";
    }

    private static String member(DutyCycle.Member member) {
        return "{" + node(member.method(), member.method().line()) + ",\"known\":"
                + string(member.known().name().toLowerCase(Locale.ROOT)) + "}";
    }

    private static String node(Node node, int line) {
        String file = node.sourceFile();
        return "\"name\":" + string(node.name()) + ",\"parameters\":" + string(node.parameters()) + ",\"file\":"
                + (file == null ? "null" : string(file)) + ",\"line\":" + line + ",\"labels\":["
                + node.labels().stream().map(JsonAnswer::string).collect(Collectors.joining(",")) + "]";
    }

    private static String string(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
