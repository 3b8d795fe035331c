// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** What stands in and beside the boxes, the same in every language. Plain text: each language escapes it itself. */
final class Captions {
    /** Explains {@link #permissions}. */
    static final String PERMISSION_KEY =
            "Permissions used / shared: r consistent-read, w write, u write-unchanged, s resize";

    private static final int MAX_FILE = 31;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final String[] WORDS = {"consistent-read", "write", "write-unchanged", "resize"};
    private static final String LETTERS = "rwus";

    private Captions() {}

    static String title(GraphView view) {
        return "Block graph, version " + view.version();
    }

    static String subtitle(GraphView view) {
        long gates = view.nodes().stream().filter(NodeView::gated).count();
        return count(view.roots().size(), "root") + ", " + count(view.nodes().size(), "node")
                + (gates == 0 ? "" : ", " + gates + " gated");
    }

    /** Two lines: what it is, and what it does now if that is known. The id comes before them. */
    static List<String> root(RootView root) {
        List<String> lines = new ArrayList<>();
        lines.add(root.kind() + (root.used().contains("write") ? ", writable" : ", read-only"));
        List<String> counts = new ArrayList<>();
        if (root.inFlight() >= 0) {
            counts.add(root.inFlight() + " in flight");
        }
        if (root.parked() >= 0) {
            counts.add(root.parked() + " parked");
        }
        if (!counts.isEmpty()) {
            lines.add(String.join(", ", counts));
        }
        return lines;
    }

    /** A line or two; the name comes before them. */
    static List<String> node(NodeView node) {
        List<String> lines = new ArrayList<>();
        lines.add(node.driver()
                + (node.size() < 0 ? "" : ", " + size(node.size()))
                + (node.readOnly() ? ", read-only" : ""));
        String file = node.options().get("filename");
        if (file != null && !file.isEmpty()) {
            lines.add(shortened(file));
        }
        return lines;
    }

    /** The child's name and what it is for; who freezes the edge if somebody does. */
    static List<String> edge(EdgeView edge) {
        List<String> lines = new ArrayList<>();
        lines.add(edge.name() + ": " + String.join(", ", edge.roles()));
        if (edge.frozenBy() != null) {
            lines.add("frozen by " + edge.frozenBy());
        }
        return lines;
    }

    /** A letter or a dash for each permission, those used and those shared. */
    static String permissions(List<String> used, List<String> shared) {
        return letters(used) + " / " + letters(shared);
    }

    /** What it is, and its other options, one a line, by name. */
    static String options(NodeView node) {
        StringBuilder lines = new StringBuilder(node.name() + ": " + node.driver());
        Map<String, String> options = new TreeMap<>(node.options());
        options.remove("driver");
        options.remove("node-name");
        options.forEach(
                (name, value) -> lines.append('\n').append(name).append('=').append(value));
        return lines.toString();
    }

    static boolean copyOnWrite(EdgeView edge) {
        return edge.roles().contains("cow");
    }

    /** Exact when a unit divides it, else with one decimal. */
    static String size(long bytes) {
        int unit = 0;
        long whole = bytes;
        while (unit < UNITS.length - 1 && whole >= 1024) {
            whole >>= 10;
            unit++;
        }
        long one = 1L << (10 * unit);
        return bytes % one == 0
                ? whole + " " + UNITS[unit]
                : String.format(Locale.ROOT, "%.1f %s", (double) bytes / one, UNITS[unit]);
    }

    private static String letters(List<String> words) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < WORDS.length; i++) {
            letters.append(words.contains(WORDS[i]) ? LETTERS.charAt(i) : '-');
        }
        return letters.toString();
    }

    /** The end of a path tells files apart. */
    private static String shortened(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String shown = name.isEmpty() ? file : name;
        int length = shown.codePointCount(0, shown.length());
        return length <= MAX_FILE
                ? shown
                : "\u2026" + shown.substring(shown.offsetByCodePoints(shown.length(), 1 - MAX_FILE));
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
