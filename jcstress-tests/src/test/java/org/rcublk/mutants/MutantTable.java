// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every mutant of the production code is run against every tool that is made to find it; one that no tool finds in the
 * production code, or that no tool is made to find, fails the build. The table goes to the output and to {@code target/mutants/table.md}.
 *
 * <pre>
 * -Dmutants.only=REGEX     only these mutants
 * -Dmutants.short=true     stop at the first tool that finds a mutant, cheapest first
 * </pre>
 */
class MutantTable {
    private static final Path LOGS = Path.of("target/mutants").toAbsolutePath();
    private static final Pattern DECLARED = Pattern.compile("Mutants\\.on\\(\"([^\"]+)\"\\)");
    private static final Pattern ONLY = Pattern.compile(System.getProperty("mutants.only", "."));
    private static final boolean SHORT = Boolean.getBoolean("mutants.short");

    private final List<Tool> tools = Tools.all();
    private final Set<String> declared = declared();
    private final List<String> survivors = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    @Test
    void noMutantSurvives() throws IOException {
        Set<String> mutants = new TreeSet<>();
        tools.forEach(tool -> tool.mutants().forEach(mutants::add));
        Set<String> untried = new TreeSet<>(declared);
        untried.removeAll(mutants);
        List<String> table = new ArrayList<>();
        print(
                table,
                "| mutant | "
                        + String.join(" | ", tools.stream().map(t -> t.name).toList()) + " |");
        print(table, "|---" + "|---".repeat(tools.size()) + "|");
        for (String mutant : mutants) {
            if (ONLY.matcher(mutant).find()) {
                print(table, row(mutant));
            }
        }
        Files.createDirectories(LOGS);
        Files.write(LOGS.resolve("table.md"), table);
        System.out.println((table.size() - 2) + " mutants, " + survivors.size() + " survived; missed by a tool that is"
                + " made to find it: " + missed + "; no tool is made to find: " + untried);
        assertEquals(List.of(), survivors, "mutants that no tool found");
        assertEquals(Set.of(), untried, "mutants that no tool is made to find");
        // JCStress and torture meet an interleaving or do not; what is exhaustive has no such excuse.
        assertEquals(
                List.of(),
                missed.stream()
                        .filter(m -> !m.endsWith("JCStress") && !m.endsWith("torture"))
                        .toList(),
                "mutants that an exhaustive tool missed");
    }

    private static void print(List<String> table, String line) {
        table.add(line);
        System.out.println(line);
    }

    private String row(String mutant) {
        StringBuilder row = new StringBuilder("| `" + mutant + "`");
        boolean killed = false;
        for (Tool tool : tools) {
            row.append(" | ");
            if (!tool.finds(mutant) || (SHORT && killed)) {
                row.append(tool.finds(mutant) ? "not run" : "");
                continue;
            }
            long start = System.nanoTime();
            boolean found = tool.run(mutant, LOGS.resolve(mutant + "-" + tool.name.replace(' ', '-') + ".log"))
                    == Program.Verdict.KILLED;
            double seconds = (System.nanoTime() - start) / 1e9;
            row.append(String.format(Locale.ROOT, found ? "killed, %.1f s" : "MISSED, %.1f s", seconds));
            // A fault of the production code has to be seen in it: a model has a copy.
            killed |= found && (tool.runsProductionCode() || !declared.contains(mutant));
            if (!found) {
                missed.add(mutant + " by " + tool.name);
            }
        }
        if (!killed) {
            survivors.add(mutant);
        }
        return row.append(" |").toString();
    }

    /** Every mutant that a production class knows. */
    private static Set<String> declared() {
        Set<String> names = new HashSet<>();
        for (String module : List.of("graph-rcu", "io-rings", "drivers", "storage-daemon")) {
            try (Stream<Path> files =
                    Files.walk(Path.of("").toAbsolutePath().resolveSibling(module + "/src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    Matcher matcher = DECLARED.matcher(Files.readString(file));
                    while (matcher.find()) {
                        names.add(matcher.group(1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }
}
