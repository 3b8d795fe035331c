// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls that a search does not follow, each with the reason why that is right. A line is {@code FROM -> TO : reason}, which
 * cuts the calls between the two, or {@code METHOD : reason}, which cuts every call of the method; {@code #} begins a comment.
 */
public final class Cuts {
    /** Nothing is cut. */
    public static final Cuts NONE = new Cuts(List.of());

    private static final String REASON = " : ";
    private static final String ARROW = "->";

    private final List<Cut> cuts;

    /**
     * One line.
     *
     * @param from whose calls are cut, or null for everybody's
     * @param to what is not called
     * @param reason why
     * @param where file and line
     */
    private record Cut(@Nullable Selector from, Selector to, String reason, String where) {
        boolean cuts(Edge edge) {
            return to.test(edge.to()) && (from == null || from.test(edge.from()));
        }
    }

    private Cuts(List<Cut> cuts) {
        this.cuts = cuts;
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its cuts
     * @throws CallGraphException if it cannot be read, or a line is malformed or without a reason
     */
    public static Cuts read(Path file) throws CallGraphException {
        try {
            return parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw new CallGraphException(
                    "cannot read the cuts '" + file + "': " + e.getMessage() + ": name a text file", e);
        }
    }

    /**
     * Reads lines.
     *
     * @param lines the lines
     * @param name where they are from, for messages
     * @return the cuts
     * @throws CallGraphException if a line is malformed or without a reason
     */
    public static Cuts parse(List<String> lines, String name) throws CallGraphException {
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                cuts.add(cut(line, name + ":" + (i + 1)));
            }
        }
        return new Cuts(List.copyOf(cuts));
    }

    private static Cut cut(String line, String where) throws CallGraphException {
        int colon = line.indexOf(REASON);
        if (colon < 0 || line.substring(colon + REASON.length()).isBlank()) {
            throw new CallGraphException(where + ": a cut without a reason: write 'FROM -> TO : reason'");
        }
        String calls = line.substring(0, colon);
        int arrow = calls.indexOf(ARROW);
        try {
            Selector from = arrow < 0 ? null : Selector.of(calls.substring(0, arrow));
            Selector to = Selector.of(arrow < 0 ? calls : calls.substring(arrow + ARROW.length()));
            return new Cut(from, to, line.substring(colon + REASON.length()).strip(), where);
        } catch (CallGraphException e) {
            throw new CallGraphException(where + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether a call is not followed.
     *
     * @param edge the call
     * @return true if a line cuts it
     */
    public boolean cuts(Edge edge) {
        return cuts.stream().anyMatch(cut -> cut.cuts(edge));
    }

    /**
     * Sees to it that each line cuts something: one that does not is about code that is no longer there.
     *
     * @param graph the graph
     * @throws CallGraphException if a line cuts nothing
     */
    public void requireAllUsed(CallGraph graph) throws CallGraphException {
        for (Cut cut : cuts) {
            boolean used = graph.nodes().stream()
                    .filter(cut.to()::test)
                    .anyMatch(node -> node.in().stream().anyMatch(cut::cuts));
            if (!used) {
                throw new CallGraphException(
                        cut.where() + ": the cut matches no call: mend it, or remove it (" + cut.reason() + ")");
            }
        }
    }
}
