// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages that a view can be told in. */
public enum GraphFormat {
    /** For programs, and to draw it later. */
    JSON,
    /** For Graphviz. */
    DOT,
    /** For documents in Markdown. */
    MERMAID,
    /** A picture. */
    SVG;

    /** All of them, for messages. */
    public static final String WORDS = "json, dot, mermaid or svg";

    /**
     * A format by its word.
     *
     * @param word the word, in lower case
     * @return the format, or null when there is none
     */
    public static @Nullable GraphFormat of(String word) {
        for (GraphFormat format : values()) {
            if (format.word().equals(word)) {
                return format;
            }
        }
        return null;
    }

    /**
     * The format's word in options and arguments.
     *
     * @return such as {@code svg}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Tells a view.
     *
     * @param view the view
     * @return lines, each with its end
     */
    public String draw(GraphView view) {
        return switch (this) {
            case JSON -> GraphJson.pretty(view) + "\n";
            case DOT -> GraphDot.draw(view);
            case MERMAID -> GraphMermaid.draw(view);
            case SVG -> GraphSvg.draw(view);
        };
    }
}
