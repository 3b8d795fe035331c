// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an answer is written. */
public enum AnswerFormat {
    /** Lines for people. */
    TEXT,
    /** A graph for Graphviz. */
    DOT,
    /** A JSON object. */
    JSON;

    /** The formats' names, for messages. */
    public static final String WORDS = "text, dot or json";

    /**
     * Finds a format.
     *
     * @param name its name in small letters
     * @return the format, or null if there is none of that name
     */
    public static @Nullable AnswerFormat of(String name) {
        for (AnswerFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        return null;
    }

    /**
     * Writes an answer.
     *
     * @param answer the answer
     * @return lines that end in a line end
     */
    public String write(Answer answer) {
        return switch (this) {
            case TEXT -> TextAnswer.write(answer);
            case DOT -> DotAnswer.write(answer);
            case JSON -> JsonAnswer.write(answer);
        };
    }

    /** {@code File.java:12}, or what there is of it. */
    static String place(Node node, int line) {
        String file = node.sourceFile();
        if (file == null) {
            return node.kind() == Node.Kind.LIBRARY ? "library" : "";
        }
        return line > 0 ? file + ":" + line : file;
    }

    /** Where a path is in its node of this index: at its next call, at the end at the allocation or first line. */
    static int line(CallPath path, int index) {
        List<Edge> edges = path.edges();
        if (index < edges.size()) {
            return edges.get(index).line();
        }
        return path.allocation().isEmpty()
                ? path.end().line()
                : path.allocation().getFirst().line();
    }

    static Node node(CallPath path, int index) {
        return index == 0 ? path.start() : path.edges().get(index - 1).to();
    }
}
