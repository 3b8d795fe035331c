// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.mutants;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A verification tool: which mutants it is made to find, by which of its parts, and how it is run on one.
 *
 * <p>Each tool lists itself what it finds, a line {@code PART MUTANT...} each, so that the table has no list of its own
 * that could fall behind.
 */
abstract class Tool {
    final String name;
    private final Map<String, List<String>> parts = new TreeMap<>();

    Tool(String name, List<String> listing) {
        this.name = name;
        for (String line : listing) {
            String[] words = line.trim().split("\\s+", -1);
            for (int i = 1; i < words.length; i++) {
                parts.computeIfAbsent(words[i], m -> new ArrayList<>()).add(words[0]);
            }
        }
    }

    /** The mutants that it is made to find. */
    Iterable<String> mutants() {
        return parts.keySet();
    }

    boolean finds(String mutant) {
        return parts.containsKey(mutant);
    }

    /** The parts that are made to find a mutant. */
    List<String> partsFor(String mutant) {
        return parts.getOrDefault(mutant, List.of());
    }

    /** Whether it looks at the production code itself; a model has the fault in a copy. */
    boolean runsProductionCode() {
        return true;
    }

    /** Runs the tool on a mutant; its output goes to a file. */
    abstract Program.Verdict run(String mutant, Path log);
}
