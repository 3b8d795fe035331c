// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the seeds: {@code <rule>/<Name>.java}, or the folder {@code <rule>/<Name>/} where one spans several files. The
 * head of {@code <Name>.java} is comments of the form {@code // key: value}, and one line in all is marked.
 */
final class Seeds {
    static final Path FOLDER = Project.file("static-checks/src/violations");

    private static final String MARK = "// HERE";
    private static final Set<String> KEYS = Set.of("rule", "hiding", "layer", "from", "to", "error", "jvm");
    private static final Map<Seed.Layer, List<String>> NEEDED =
            Map.of(Seed.Layer.CALLGRAPH, List.of("from", "to"), Seed.Layer.RUNTIME, List.of("error"));

    private Seeds() {}

    static List<Seed> all() throws IOException {
        List<Seed> seeds = new ArrayList<>();
        for (Path rule : list(FOLDER)) {
            for (Path entry : list(rule)) {
                seeds.add(Files.isDirectory(entry) ? ofFolder(rule, entry) : of(rule, entry, List.of(entry)));
            }
        }
        return seeds;
    }

    private static Seed ofFolder(Path rule, Path folder) throws IOException {
        Path main = folder.resolve(folder.getFileName() + ".java");
        return of(rule, main, list(folder));
    }

    private static Seed of(Path rule, Path main, List<Path> entries) throws IOException {
        List<Path> sources = new ArrayList<>();
        List<Path> library = new ArrayList<>();
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                library.addAll(list(entry));
            } else {
                sources.add(entry);
            }
        }
        Seed.Head head = head(main.toString(), Files.readAllLines(main));
        String name = main.getFileName().toString().replace(".java", "");
        List<Seed.Place> marked = new ArrayList<>(marked(sources));
        marked.addAll(marked(library));
        boolean clean = head.layer() == Seed.Layer.NONE;
        if (marked.size() != (clean ? 0 : 1)) {
            throw new IllegalStateException(main + ": " + marked.size() + " lines are marked " + MARK + ", not "
                    + (clean ? "none, as in a clean twin" : "one, the violation"));
        }
        return new Seed(rule.getFileName().toString(), name, sources, library, head, clean ? null : marked.get(0));
    }

    /** What the head says, if it says enough: without what its layer is to find, it would be content with anything. */
    static Seed.Head head(String main, List<String> lines) {
        Map<String, String> said = said(lines);
        require(main, said, List.of("rule", "hiding", "layer"));
        String[] layer = said.get("layer").split(" ", 2);
        Seed.Layer named = Seed.Layer.valueOf(layer[0].toUpperCase(Locale.ROOT));
        require(main, said, NEEDED.getOrDefault(named, List.of()));
        if (named == Seed.Layer.COMPILE && layer.length < 2) {
            throw new IllegalStateException(main + ": the head says nothing of its check");
        }
        String flags = said.getOrDefault("jvm", "");
        return new Seed.Head(
                said.get("rule"),
                said.get("hiding"),
                named,
                layer.length > 1 ? layer[1] : "",
                said.getOrDefault("from", ""),
                said.getOrDefault("to", ""),
                said.getOrDefault("error", ""),
                flags.isEmpty() ? List.of() : List.of(flags.split(" ", -1)));
    }

    private static Map<String, String> said(List<String> lines) {
        Map<String, String> said = new HashMap<>();
        for (String line : lines) {
            if (!line.startsWith("// ")) {
                break;
            }
            int colon = line.indexOf(": ");
            String key = colon < 0 ? "" : line.substring(3, colon);
            if (KEYS.contains(key)) {
                said.put(key, line.substring(colon + 2).strip());
            }
        }
        return said;
    }

    private static void require(String main, Map<String, String> said, List<String> keys) {
        for (String key : keys) {
            if (said.getOrDefault(key, "").isEmpty()) {
                throw new IllegalStateException(main + ": the head says nothing of its " + key);
            }
        }
    }

    private static List<Seed.Place> marked(List<Path> sources) throws IOException {
        List<Seed.Place> places = new ArrayList<>();
        for (Path source : sources) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).endsWith(MARK)) {
                    places.add(new Seed.Place(source, i + 1));
                }
            }
        }
        return places;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
