// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rcublk.daemon.bench.BenchException;
import org.rcublk.daemon.bench.Progress;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rcublk demo}. Exit status: 0, 1 if anything that it checks is wrong, 2 wrong usage. */
@Command(
        name = "demo",
        description = "Shows the main job on an image that it makes and deletes: takes a minute at most.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final double MAX_SECONDS = 3600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Option(names = "--seconds-per-run", hidden = true, description = "how long each load is measured")
    private double seconds = 5;

    /** The command; picocli fills it in. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds-per-run is more than 0 and at most 3600, not " + seconds);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Demo demo = new Demo(out, Progress.onTerminal(err), seconds, rig -> {});
            boolean ok = demo.run(Path.of(System.getProperty("java.io.tmpdir")));
            return ok ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (BenchException | GraphException | DrainTimeoutException e) {
            err.println("rcublk demo: " + e.getMessage());
            err.flush();
            return ExitCode.SOFTWARE;
        }
    }
}
