// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What is to be run on the TLA+ models: {@code models.txt} beside them.
 *
 * @param folder where the models are
 * @param checks runs that must find no error
 * @param mutants negative controls, each of which must violate a property
 */
record Catalogue(Path folder, List<Check> checks, List<Mutant> mutants) {
    /** The system property that names the folder of the models, where it is not found from the current one. */
    static final String FOLDER = "rcublk.models";

    private static final Pattern MUTANT_NAME = Pattern.compile("On\\(\"([a-z-]+)\"\\)");

    record Check(String model, String config, boolean isLong) {
        @Override
        public String toString() {
            return config;
        }
    }

    record Mutant(String model, String name, String config, String violates, boolean fast) {
        @Override
        public String toString() {
            return model + " " + name;
        }
    }

    static Catalogue read() throws IOException {
        Path folder = findFolder();
        List<Check> checks = new ArrayList<>();
        List<Mutant> mutants = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("models.txt"))) {
            String[] words = line.strip().split("\\s+", -1);
            switch (words[0]) {
                case "check" -> checks.add(new Check(words[1], words[2], words[3].equals("long")));
                case "mutant" ->
                    mutants.add(new Mutant(
                            words[1], words[2], words[3], words[4], words.length > 5 && words[5].equals("fast")));
                default -> requireComment(line);
            }
        }
        return new Catalogue(folder, List.copyOf(checks), List.copyOf(mutants));
    }

    private static void requireComment(String line) {
        if (!line.isBlank() && !line.startsWith("#")) {
            throw new IllegalArgumentException("models.txt: neither check nor mutant: " + line);
        }
    }

    private static Path findFolder() {
        String given = System.getProperty(FOLDER);
        List<Path> candidates = given != null
                ? List.of(Path.of(given))
                : List.of(Path.of("src", "model"), Path.of("graph-rcu", "src", "model"));
        for (Path candidate : candidates) {
            if (Files.isRegularFile(candidate.resolve("models.txt"))) {
                return candidate.toAbsolutePath();
            }
        }
        throw new IllegalStateException("no models.txt in " + candidates + ": set -D" + FOLDER);
    }

    /** The mutants that a model's text knows. */
    Set<String> namesIn(String model) throws IOException {
        Set<String> names = new TreeSet<>();
        MUTANT_NAME
                .matcher(Files.readString(folder.resolve(model + ".tla")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(names::add);
        return names;
    }

    Set<String> models() {
        Set<String> models = new TreeSet<>();
        checks.forEach(check -> models.add(check.model()));
        return models;
    }
}
