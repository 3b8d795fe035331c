// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each seeded violation is found by the layer that it names, and by none before it; nothing is said of a clean twin.
 * The table in docs/violations.md is what was found here.
 */
class ViolationsTest {
    private static final boolean WRITE = Boolean.getBoolean("rcublk.violations.write");

    /** Ways of hiding of which the rules of threads have at least one violation each. */
    private static final Set<String> WAYS = Set.of(
            "direct",
            "interface",
            "lambda",
            "method reference",
            "helper method",
            "other module",
            "inheritance",
            "generics",
            "anonymous class",
            "nested class",
            "functional parameter",
            "static initializer");

    private static final Set<String> CHECKS = Set.of(
            "ThreadSleepInMainCode",
            "BlockingOnIoThread",
            "WrongThreadCall",
            "ConfinedFieldAccess",
            "WidenedThreadRule",
            "VolatileLoadRequired",
            "ReadTokenLeak",
            "UseAfterUpRead",
            "ReadSectionRequired",
            "VersionInField",
            "LazyVavrInVersion");

    @TempDir
    private static Path folder;

    private static List<Seed> seeds = List.of();
    private static SeedClasses classes;
    private static Map<String, List<SeedPaths.Found>> paths;
    private static final Map<String, String> ERRORS = new LinkedHashMap<>();

    @BeforeAll
    static void compileAll() throws Exception {
        seeds = Seeds.all();
        classes = SeedClasses.compile(seeds, folder);
        paths = SeedPaths.of(seeds, classes);
        for (Seed seed : seeds) {
            if (seed.head().layer() == Seed.Layer.RUNTIME) {
                ERRORS.put(seed.toString(), SeedRun.error(seed, classes.folders(), folder));
            }
        }
    }

    static Stream<Seed> compileTime() {
        return of(Seed.Layer.COMPILE);
    }

    static Stream<Seed> callGraph() {
        return of(Seed.Layer.CALLGRAPH);
    }

    static Stream<Seed> runTime() {
        return of(Seed.Layer.RUNTIME);
    }

    static Stream<Seed> cleanTwins() {
        return of(Seed.Layer.NONE);
    }

    private static Stream<Seed> of(Seed.Layer layer) {
        return seeds.stream().filter(seed -> seed.head().layer() == layer);
    }

    @ParameterizedTest
    @MethodSource("compileTime")
    void theCompilerFindsIt(Seed seed) {
        List<Javac.Finding> findings = classes.findings(seed);
        assertEquals(1, findings.size(), () -> seed + ": " + findings);
        assertEquals(seed.head().check(), findings.get(0).check(), () -> seed + ": " + findings);
        assertEquals(seed.marked(), findings.get(0).place(), () -> seed + ": " + findings);
    }

    @ParameterizedTest
    @MethodSource("callGraph")
    void theCallGraphFindsIt(Seed seed) {
        assertEquals(List.of(), classes.findings(seed), "at compile time");
        Seed.Head head = seed.head();
        List<SeedPaths.Found> found = paths.get(seed.toString());
        assertTrue(
                found.stream().anyMatch(path -> path.leads(head.from(), head.to())),
                () -> seed + ": no path from " + head.from() + " to " + head.to() + "; found: " + found);
    }

    @ParameterizedTest
    @MethodSource("runTime")
    void theProgramFails(Seed seed) {
        assertEquals(List.of(), classes.findings(seed), "at compile time");
        String error = ERRORS.get(seed.toString());
        assertTrue(
                error.contains(seed.head().error()),
                () -> seed + ": no error that says '" + seed.head().error() + "', but: " + error);
    }

    @ParameterizedTest
    @MethodSource("cleanTwins")
    void nothingIsSaidOfRightCode(Seed seed) {
        assertEquals(List.of(), classes.findings(seed), "at compile time");
        assertEquals(List.of(), paths.get(seed.toString()), "by the call graph");
    }

    @Test
    void eachCheckHasASeed() {
        Set<String> seeded = new TreeSet<>();
        seeds.forEach(seed -> seeded.add(seed.head().check()));
        Set<String> missing = new TreeSet<>(CHECKS);
        missing.removeAll(seeded);
        assertEquals(Set.of(), missing, "checks without a seed");
    }

    @Test
    void eachWayOfHidingHasASeedOfTheThreadRules() {
        Set<String> missing = new TreeSet<>(WAYS);
        seeds.stream()
                .filter(seed ->
                        !seed.clean() && Set.of("blocking", "wrongthread").contains(seed.folder()))
                .forEach(seed -> missing.remove(seed.head().hiding()));
        assertEquals(Set.of(), missing, "ways of hiding without a seed");
    }

    @Test
    void theTableIsWhatWasFound() throws IOException {
        List<ViolationsTable.Row> rows = new ArrayList<>();
        for (Seed seed : seeds) {
            Set<String> checks = new TreeSet<>();
            classes.findings(seed).forEach(finding -> checks.add(finding.check()));
            String error = ERRORS.getOrDefault(seed.toString(), "");
            boolean fails = !error.isEmpty() && error.contains(seed.head().error());
            boolean path = !paths.get(seed.toString()).isEmpty();
            rows.add(new ViolationsTable.Row(seed, String.join(", ", checks), path, fails));
        }
        String text = ViolationsTable.text(rows);
        if (WRITE) {
            Files.writeString(ViolationsTable.FILE, text);
        }
        String committed = Files.exists(ViolationsTable.FILE) ? Files.readString(ViolationsTable.FILE) : "";
        assertEquals(committed, text, "docs/violations.md: write it anew with -Drcublk.violations.write=true");
    }
}
