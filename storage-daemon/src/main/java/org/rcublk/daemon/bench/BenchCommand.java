// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;
import org.rcublk.io.Admission;
import org.rcublk.io.QueueMapping;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rcublk bench}. Exit status: 0, 1 if a request or a graph change failed or the run could not begin, 2 wrong usage. */
@Command(
        name = "bench",
        description = "Runs a multiqueue load in this process and measures it. Options are named as fio's.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    private static final long SEED = 0x5EEDL;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    /** The command; picocli fills it in. */
    public BenchCommand() {}

    @Override
    public Integer call() {
        String problem = options.problem();
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            String failure = run(options.json ? Progress.SILENT : Progress.onTerminal(err));
            if (failure == null) {
                return ExitCode.OK;
            }
            err.println("rcublk bench: " + failure);
        } catch (BenchException | GraphException | DrainTimeoutException e) {
            err.println("rcublk bench: " + e.getMessage());
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }

    /** What went wrong with the load, or null; the result is printed either way. */
    private @Nullable String run(Progress progress) {
        long size = size();
        Admission admission = Objects.requireNonNull(Designs.find(options.design));
        QueueMapping mapping = Objects.requireNonNull(options.mapping());
        try (Rig rig = Rig.open(admission, target(size), mapping, options.jobs, options.workers)) {
            LoadResult result = load(rig, sources(size), progress);
            PrintWriter out = spec.commandLine().getOut();
            out.print(
                    options.json
                            ? BenchReport.json(options, size, result) + "\n"
                            : BenchReport.text(options, size, result));
            out.flush();
            return result.problem();
        }
    }

    private LoadResult load(Rig rig, List<Source> sources, Progress progress) {
        if (options.graphChanges == 0) {
            return LoadGenerator.run(rig, options.spec(), sources, null, progress);
        }
        try (GraphChanger changer = new GraphChanger(rig, options.graphChanges)) {
            changer.start();
            return LoadGenerator.run(rig, options.spec(), sources, changer, progress);
        }
    }

    private long size() {
        if (options.driver != BenchOptions.Driver.FILE) {
            return options.bytes();
        }
        long size = BenchFile.prepare(file(), options.bytes(), options.writes(), options.overwrite);
        if (options.tooSmall(size)) {
            throw new BenchException(
                    "file '" + file() + "' has " + size + " bytes: too few for --bs " + options.blockSize);
        }
        return size;
    }

    private Path file() {
        return Objects.requireNonNull(options.filename);
    }

    private Target target(long size) {
        return switch (options.driver) {
            case NULL -> Target.ofNull(size, options.latencyNanos == null ? 0 : options.latencyNanos);
            case MEMORY -> Target.ofMemory(size);
            case FILE -> Target.ofFile(file(), options.writes());
        };
    }

    private List<Source> sources(long size) {
        List<Source> sources = new ArrayList<>();
        int block = (int) options.blockSize;
        for (int job = 0; job < options.jobs; job++) {
            long seed = SEED + job;
            sources.add(
                    options.rw.random()
                            ? MixedSource.random(seed, options.writePercent(), block, size)
                            : MixedSource.inOrder(seed, options.writePercent(), block, size, job, options.jobs));
        }
        return sources;
    }
}
