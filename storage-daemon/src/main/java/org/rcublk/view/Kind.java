// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import org.rcublk.view.GraphView.NodeView;

/**
 * What a box of a drawing stands for. The colours differ in lightness and hue, so that they can be told apart on a
 * projector and by most colour-blind people; the legend and the shapes say the same.
 */
enum Kind {
    /** What a guest, a client or a job sees. */
    ROOT("root", "#ffe8cc", "#b35c00"),
    /** Presents its child's data unchanged. */
    FILTER("filter", "#eadcf8", "#6b3fa0"),
    /** Stores its disk in its children. */
    FORMAT("format", "#d7e8fb", "#1d5fa6"),
    /** Stores its disk itself. */
    PROTOCOL("protocol", "#daf0da", "#2b7a31");

    private final String word;
    private final String fill;
    private final String stroke;

    Kind(String word, String fill, String stroke) {
        this.word = word;
        this.fill = fill;
        this.stroke = stroke;
    }

    static Kind of(NodeView node) {
        if (node.filter()) {
            return FILTER;
        }
        return node.children().isEmpty() ? PROTOCOL : FORMAT;
    }

    String word() {
        return word;
    }

    String fill() {
        return fill;
    }

    String stroke() {
        return stroke;
    }
}
