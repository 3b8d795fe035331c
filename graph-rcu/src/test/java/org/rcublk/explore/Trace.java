// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.ArrayList;
import java.util.List;

/** Who reached what in one schedule. */
final class Trace {
    private final List<String> labels = new ArrayList<>();
    private final List<String> points = new ArrayList<>();

    void clear() {
        labels.clear();
        points.clear();
    }

    void add(String label, String point) {
        labels.add(label);
        points.add(point);
    }

    /** One line for each stretch of a thread: the points that it reached, the last being where it was held. */
    String text() {
        StringBuilder text = new StringBuilder();
        String current = "";
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.get(i).equals(current)) {
                current = labels.get(i);
                text.append(text.isEmpty() ? "  " : "\n  ").append(current).append(':');
            }
            text.append(' ').append(points.get(i));
        }
        return text.toString();
    }
}
