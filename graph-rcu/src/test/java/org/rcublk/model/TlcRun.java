// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.model;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rcublk.model.TlcRun.Verdict.Kind;

/**
 * One run of TLC, in a JVM of its own: it keeps its state in static fields, extracts its modules into the folder for
 * temporary files, and wants a heap of its own size.
 */
final class TlcRun {
    private static final Pattern STATES = Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, 0 ");
    private static final Pattern SOME_STATES = Pattern.compile("\\d+ states generated, (\\d+) distinct states found");
    private static final Pattern INVARIANT = Pattern.compile("Error: Invariant (\\w+) is violated");
    private static final Pattern PROPERTY_LINE = Pattern.compile("PROPERT(?:Y|IES)\\s+(.*)");
    private static final Pattern MUTANTS_LINE = Pattern.compile("(?m)^(\\s*Mutants = )\\{}$");

    private final Catalogue catalogue;
    private final Duration patience;

    TlcRun(Catalogue catalogue, Duration patience) {
        this.catalogue = catalogue;
        this.patience = patience;
    }

    /**
     * What TLC found.
     *
     * @param kind whether the model holds
     * @param violated names of the violated invariant, or of the temporal properties one of which is violated
     * @param states distinct states
     * @param millis how long the run took
     * @param log TLC's output, with the trace of a violation
     */
    record Verdict(Kind kind, List<String> violated, long states, long millis, Path log) {
        enum Kind {
            HOLDS,
            VIOLATED,
            FAILED
        }

        String describe() {
            String what = kind == Kind.VIOLATED ? "violates " + String.join(" or ", violated) : kind.toString();
            return "%s: %d distinct states, %.1f s".formatted(what, states, millis / 1000.0);
        }
    }

    /**
     * Runs a model.
     *
     * @param mutants faults to switch on
     */
    Verdict run(String model, String config, List<String> mutants) throws IOException, InterruptedException {
        String name =
                config.replace(".cfg", "") + mutants.stream().map(m -> "-" + m).collect(Collectors.joining());
        Path parent = Path.of("target", "tlc").toAbsolutePath();
        Files.createDirectories(parent);
        Path work = Files.createTempDirectory(parent, name + ".");
        // TLC looks for a configuration where the model is, so both go into the working folder.
        Files.writeString(work.resolve("effective.cfg"), configText(config, mutants));
        Files.copy(catalogue.folder().resolve(model + ".tla"), work.resolve(model + ".tla"));
        Path log = work.resolve("tlc.log");
        long start = System.nanoTime();
        Process tlc = new ProcessBuilder(command(model, work))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended;
        try {
            ended = tlc.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            tlc.destroyForcibly();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return verdict(ended ? tlc.exitValue() : -1, Files.readString(log), config, millis, log);
    }

    private String configText(String config, List<String> mutants) throws IOException {
        String text = Files.readString(catalogue.folder().resolve(config));
        String set = mutants.stream().map(m -> '"' + m + '"').collect(Collectors.joining(", ", "{", "}"));
        Matcher line = MUTANTS_LINE.matcher(text);
        if (!line.find()) {
            throw new IllegalStateException(config + " has no line 'Mutants = {}'");
        }
        return line.replaceFirst("$1" + Matcher.quoteReplacement(set));
    }

    private static List<String> command(String model, Path work) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx640m",
                "-Djava.io.tmpdir=" + work,
                "-cp",
                tlcJar().toString(),
                "tlc2.TLC",
                "-workers",
                "2",
                "-lncheck",
                "final",
                "-metadir",
                work.resolve("states").toString(),
                "-config",
                "effective.cfg",
                model + ".tla");
    }

    private static Path tlcJar() {
        try {
            return Path.of(tlc2.TLC
                    .class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Exit values of TLC: 0, no error; 10 to 13, assumption, deadlock, safety, liveness; others are failures. */
    private Verdict verdict(int exit, String output, String config, long millis, Path log) throws IOException {
        Matcher states = (exit == 0 ? STATES : SOME_STATES).matcher(output);
        long distinct = states.find() ? Long.parseLong(states.group(states.groupCount())) : 0;
        // An exploration that was not complete proves nothing, whatever the exit value says.
        boolean holds = exit == 0 && distinct > 0 && output.contains("No error has been found");
        Kind kind = holds ? Kind.HOLDS : exit >= 10 && exit <= 13 ? Kind.VIOLATED : Kind.FAILED;
        List<String> violated = kind == Kind.VIOLATED ? violated(output, config) : List.of();
        return new Verdict(kind, violated, distinct, millis, log);
    }

    private List<String> violated(String output, String config) throws IOException {
        Matcher invariant = INVARIANT.matcher(output);
        if (invariant.find()) {
            return List.of(invariant.group(1));
        }
        if (output.contains("Temporal properties were violated")) {
            Matcher line =
                    PROPERTY_LINE.matcher(Files.readString(catalogue.folder().resolve(config)));
            return line.find() ? List.of(line.group(1).strip().split("\\s+", -1)) : List.of();
        }
        return List.of(output.contains("Deadlock reached") ? "deadlock" : "an assumption");
    }
}
