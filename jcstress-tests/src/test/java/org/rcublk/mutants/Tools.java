// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tools of this project, cheapest first. */
final class Tools {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path GRAPH_RCU = MODULE.resolveSibling("graph-rcu");
    private static final Path LOGS = MODULE.resolve("target/mutants");
    private static final String TORTURE_SECONDS = System.getProperty("mutants.torture.seconds", "20");
    private static final String JCSTRESS_SECONDS = System.getProperty("mutants.jcstress.seconds", "180");
    private static final List<String> PLAIN = List.of("-Xmx256m", "-ea");
    private static final List<String> STEPS = List.of("-Xmx256m", "-ea", "-Drcublk.steps=true");
    /** The torture profiles that hold threads at steps; the others run the code as it is in production. */
    private static final Set<String> HELD_AT_STEPS = Set.of("P2", "P3", "P6", "P7");

    private Tools() {}

    static List<Tool> all() {
        return List.of(accessModes(), explorer(), torture(), jcstress(), model());
    }

    private static List<String> with(List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> listing(String name, String main, List<String> flags) {
        return Program.lines(Program.java(flags, main, List.of("--list")), GRAPH_RCU, LOGS.resolve(name + "-list.log"));
    }

    private static Tool accessModes() {
        String main = "org.rcublk.ordering.OrderingMain";
        return new Tool("access modes", listing("access-modes", main, List.of())) {
            @Override
            Program.Verdict run(String mutant, Path log) {
                return Program.run(Program.java(List.of(), main, List.of(mutant)), GRAPH_RCU, log, 60);
            }
        };
    }

    private static Tool explorer() {
        String main = "org.rcublk.explore.ExploreMain";
        List<String> flags = with(
                STEPS,
                "-Drcublk.rcu.chunk-shift=0",
                "-XX:+UseSerialGC",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        return new Tool("explorer", listing("explorer", main, flags)) {
            @Override
            Program.Verdict run(String mutant, Path log) {
                return Program.run(
                        Program.java(with(flags, "-Drcublk.mutants=" + mutant), main, partsFor(mutant)),
                        GRAPH_RCU,
                        log,
                        300);
            }
        };
    }

    private static Tool model() {
        String main = "org.rcublk.model.Tlc";
        return new Tool("model", listing("model", main, List.of())) {
            @Override
            boolean runsProductionCode() {
                return false;
            }

            @Override
            Program.Verdict run(String mutant, Path log) {
                Program.Verdict verdict = Program.Verdict.SURVIVED;
                for (String part : partsFor(mutant)) {
                    if (Program.run(Program.java(List.of(), main, List.of(part, mutant)), GRAPH_RCU, log, 300)
                            == Program.Verdict.KILLED) {
                        verdict = Program.Verdict.KILLED;
                    }
                }
                return verdict;
            }
        };
    }

    private static Tool torture() {
        String main = "org.rcublk.torture.Torture";
        return new Tool("torture", listing("torture", main, STEPS)) {
            @Override
            Program.Verdict run(String mutant, Path log) {
                for (String part : partsFor(mutant)) {
                    if (Program.run(
                                    Program.java(
                                            with(
                                                    HELD_AT_STEPS.contains(part) ? STEPS : PLAIN,
                                                    "-Drcublk.mutants=" + mutant),
                                            main,
                                            List.of(part, "--seconds", TORTURE_SECONDS)),
                                    GRAPH_RCU,
                                    log,
                                    300)
                            == Program.Verdict.KILLED) {
                        return Program.Verdict.KILLED;
                    }
                }
                return Program.Verdict.SURVIVED;
            }
        };
    }

    /** By the script that runs each JCStress test with a fault until it has seen the outcome that it forbids. */
    private static Tool jcstress() {
        return new Tool("JCStress", controls()) {
            @Override
            Program.Verdict run(String mutant, Path log) {
                List<String> command = List.of(
                        "env", "RCUBLK_CONTROL_SECONDS=" + JCSTRESS_SECONDS, "./controls.sh", " " + mutant + "$");
                return Program.status(command, MODULE, log, 1_200) == 0
                        ? Program.Verdict.KILLED
                        : Program.Verdict.SURVIVED;
            }
        };
    }

    private static List<String> controls() {
        try {
            return Files.readAllLines(MODULE.resolve("controls.tsv")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .filter(columns -> !columns[1].equals("-"))
                    .map(columns -> columns[0] + " " + columns[1])
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
