// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.util.List;
import java.util.stream.Collectors;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Edge;
import org.rcublk.callgraph.Node;

/** Ways through the call graph in words, as stack traces have them. */
final class Ways {
    private Ways() {}

    static String text(List<CallPath> paths) {
        return paths.stream().map(Ways::text).collect(Collectors.joining("\n", "\n", "\n"));
    }

    /** Each line is a method, the line in it that calls the next one, and why it is known that it does. */
    static String text(CallPath path) {
        StringBuilder text = new StringBuilder();
        Node node = path.start();
        String note = "";
        for (Edge edge : path.edges()) {
            line(text, node, edge.line(), note);
            node = edge.to();
            note = edge.note();
        }
        line(text, node, node.line(), note);
        return text.toString();
    }

    private static void line(StringBuilder text, Node node, int line, String note) {
        text.append(text.isEmpty() ? "  " : "    -> ").append(node.name());
        if (node.sourceFile() != null) {
            text.append('(').append(node.sourceFile()).append(':').append(line).append(')');
        }
        if (!note.isEmpty()) {
            text.append(' ').append(note);
        }
        if (!node.labels().isEmpty()) {
            text.append(' ').append(node.labels());
        }
        text.append('\n');
    }
}
