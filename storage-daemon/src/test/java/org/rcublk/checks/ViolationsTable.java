// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** docs/violations.md: what each layer says of each seed, as it was found by running the layer. */
final class ViolationsTable {
    static final Path FILE = Project.file("docs/violations.md");

    private static final String NOTHING = "–";
    private static final String HEAD = """
            # Seeded violations

            Each line is a small source in `static-checks/src/violations` that breaks one threading rule, and what each layer
            said of it when it was built, analysed and, if it is a program, run. `ViolationsTest` fails when this table is not
            what it finds; `mvn -pl storage-daemon -am test -Dtest=ViolationsTest -Dsurefire.failIfNoSpecifiedTests=false
            -Drcublk.violations.write=true` writes it anew. What the columns mean is in [threading.md](threading.md).

            """;
    private static final String CLEAN = """

            ## Clean twins

            Right code that looks like the above. No layer may say anything of it.

            """;

    /**
     * What the layers said of one seed.
     *
     * @param seed the seed
     * @param compile ids of checks, by comma
     * @param callGraph a path was found
     * @param runTime an error ended the program
     */
    record Row(Seed seed, String compile, boolean callGraph, boolean runTime) {
        private String line() {
            String link = seed + (seed.spansFiles() ? "" : ".java");
            return "| [" + seed.name() + "](../static-checks/src/violations/" + link + ") | "
                    + seed.head().rule() + " | " + seed.head().hiding() + " | " + shown(compile) + " | "
                    + shown(callGraph ? "path" : "") + " | " + shown(runTime ? "error" : "") + " |\n";
        }
    }

    private ViolationsTable() {}

    static String text(List<Row> rows) {
        StringBuilder text = new StringBuilder(HEAD);
        text.append(counts(rows.stream().map(Row::seed).toList()));
        table(
                text,
                "violation",
                rows.stream().filter(row -> !row.seed().clean()).toList());
        text.append(CLEAN);
        table(text, "twin", rows.stream().filter(row -> row.seed().clean()).toList());
        return text.toString();
    }

    private static String counts(List<Seed> seeds) {
        Map<Seed.Layer, Integer> counts = new TreeMap<>();
        seeds.forEach(seed -> counts.merge(seed.head().layer(), 1, Integer::sum));
        int clean = counts.getOrDefault(Seed.Layer.NONE, 0);
        return (seeds.size() - clean) + " violations: " + counts.getOrDefault(Seed.Layer.COMPILE, 0)
                + " are to be found at compile time, " + counts.getOrDefault(Seed.Layer.CALLGRAPH, 0)
                + " by the call graph, and " + counts.getOrDefault(Seed.Layer.RUNTIME, 0) + " at run time.\n\n";
    }

    private static void table(StringBuilder text, String first, List<Row> rows) {
        text.append("| ").append(first).append(" | rule | hidden by | compile | call graph | run time |\n");
        text.append("|---|---|---|---|---|---|\n");
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort((a, b) -> a.seed().toString().compareTo(b.seed().toString()));
        sorted.forEach(row -> text.append(row.line()));
    }

    private static String shown(String cell) {
        return cell.isEmpty() ? NOTHING : cell;
    }
}
