// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rcublk.history.HistoryException;
import org.rcublk.history.VersionAddress;
import org.rcublk.view.GraphDot;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphMermaid;
import org.rcublk.view.GraphSvg;
import org.rcublk.view.GraphView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rcublk history draw}. */
@Command(name = "draw", description = "Draws the graph of a version.", mixinStandardHelpOptions = true)
final class DrawCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private HistoryCommand parent;

    @Parameters(paramLabel = "VERSION", converter = HistoryCommand.AddressConverter.class)
    @SuppressWarnings("NullAway.Init") // required
    private VersionAddress version;

    @Option(names = "--format", paramLabel = "svg|dot|mermaid|json", description = "default: svg")
    private Format format = Format.SVG;

    @Option(names = "-o", paramLabel = "FILE", description = "where to write (default: standard output)")
    private @Nullable Path output;

    /** For picocli. */
    DrawCommand() {}

    /** How it is drawn. */
    enum Format {
        SVG,
        DOT,
        MERMAID,
        JSON;

        /** As it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        String draw(GraphView graph) {
            return switch (this) {
                case SVG -> GraphSvg.draw(graph);
                case DOT -> GraphDot.draw(graph);
                case MERMAID -> GraphMermaid.draw(graph);
                case JSON -> GraphJson.pretty(graph);
            };
        }
    }

    @Override
    public Integer call() {
        return parent.with(
                spec, (reader, out) -> write(format.draw(reader.find(version).graph()), out));
    }

    private void write(String drawing, PrintWriter out) throws HistoryException {
        String text = drawing.endsWith("\n") ? drawing : drawing + "\n";
        if (output == null) {
            out.print(text);
            return;
        }
        try {
            Files.writeString(output, text);
        } catch (IOException e) {
            throw new HistoryException(
                    "cannot write '" + output + "': " + e + ": give -o a file that can be written", e);
        }
    }
}
