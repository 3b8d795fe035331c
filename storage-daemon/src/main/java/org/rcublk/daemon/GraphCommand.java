// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.monitor.MonitorClient;
import org.rcublk.view.GraphFormat;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphJsonException;
import org.rcublk.view.GraphView;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code rcublk graph}: asks a running daemon for its graph and tells it in a format. It is drawn here and not in the
 * daemon, which has I/O to do. Exit status: 0 success, 1 failure, 2 wrong usage.
 */
@Command(
        name = "graph",
        description = "Draws the live block graph of a running storage daemon.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class GraphCommand implements Callable<Integer> {
    private static final int MAX_TIMEOUT = 3600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Option(
            names = "--monitor",
            required = true,
            paramLabel = "SOCKET",
            description = "the Unix socket of the daemon's monitor: the path of its --chardev")
    @SuppressWarnings("NullAway.Init") // required
    private Path monitor;

    @Option(
            names = "--format",
            paramLabel = "json|dot|mermaid|svg",
            defaultValue = "json",
            description = "JSON (the default), Graphviz, Mermaid, or a picture")
    @SuppressWarnings("NullAway.Init") // has a default
    private String format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "write it there, not to standard output")
    private @Nullable Path output;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long to wait for the daemon (default: 10)")
    private int timeout;

    /** For picocli. */
    GraphCommand() {}

    @Override
    public Integer call() {
        GraphFormat chosen = GraphFormat.of(format);
        if (chosen == null) {
            throw new ParameterException(spec.commandLine(), "--format is '" + format + "': use " + GraphFormat.WORDS);
        }
        if (timeout < 1 || timeout > MAX_TIMEOUT) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + ": use 1 to " + MAX_TIMEOUT + " seconds");
        }
        try {
            write(chosen.draw(ask()));
            return ExitCode.OK;
        } catch (IOException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("rcublk: " + e.getMessage());
            err.flush();
            return ExitCode.SOFTWARE;
        }
    }

    private GraphView ask() throws IOException {
        try (MonitorClient client = MonitorClient.connect(monitor, Duration.ofSeconds(timeout))) {
            return GraphJson.parse(client.execute("x-query-graph", Map.of()).toString());
        } catch (GraphJsonException e) {
            throw new IOException("monitor '" + monitor + "': " + e.getMessage(), e);
        }
    }

    private void write(String text) throws IOException {
        Path file = output;
        if (file == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
            if (out.checkError() || System.out.checkError()) { // the one does not ask the other
                throw new IOException("the graph could not be written to standard output");
            }
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (NoSuchFileException e) {
            throw new IOException("cannot write '" + file + "': there is no such folder: make it first", e);
        } catch (IOException e) {
            throw new IOException("cannot write '" + file + "': " + e.getMessage(), e);
        }
    }
}
