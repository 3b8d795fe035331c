// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.rcublk.callgraph.AnswerFormat;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.Cuts;
import org.rcublk.callgraph.Node;
import org.rcublk.callgraph.Search;
import org.rcublk.callgraph.Selector;
import picocli.CommandLine.Option;

/** What all questions about the call graph have in common: which classes, what is not followed, how it is written. */
final class CallGraphOptions {
    @Option(
            names = {"-cp", "--classpath"},
            paramLabel = "JARS",
            description = "jars and class folders, separated by '${sys:path.separator}' (default: rcublk's own)")
    private @Nullable String classPath;

    @Option(
            names = "--include",
            paramLabel = "PACKAGES",
            split = ",",
            defaultValue = "org.rcublk",
            description = "which packages to analyse, '*' for all (default: org.rcublk)")
    @SuppressWarnings("NullAway.Init") // has a default
    private List<String> packages;

    @Option(
            names = "--exclude",
            paramLabel = "PACKAGES",
            split = ",",
            defaultValue = "org.rcublk.callgraph,org.rcublk.checks",
            description = "which of them not to analyse (default: the checkers themselves)")
    @SuppressWarnings("NullAway.Init") // has a default
    private List<String> excluded;

    @Option(
            names = "--cuts",
            paramLabel = "FILE",
            description = "calls not to follow: lines 'FROM -> TO : reason' or 'METHOD : reason'")
    private @Nullable Path cuts;

    @Option(names = "--strict", description = "a cut that matches no call is an error")
    private boolean strict;

    @Option(
            names = "--stop",
            paramLabel = "SELECTOR",
            description = "do not go through such methods, as @GlobalState; may be repeated")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--label",
            paramLabel = "LABEL",
            description =
                    "answer only for methods with the label, as @IoThreadOnly: where a way begins, who calls, what is called; may be repeated")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--depth", paramLabel = "CALLS", description = "how far to go at most")
    private @Nullable Integer depth;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "how many findings to write at most (default: 20)")
    private int limit;

    @Option(
            names = "--format",
            paramLabel = "text|dot|json",
            defaultValue = "text",
            description = "lines (the default), Graphviz, or JSON")
    @SuppressWarnings("NullAway.Init") // has a default
    private String format;

    /** For picocli. */
    CallGraphOptions() {}

    int limit() {
        return limit;
    }

    AnswerFormat format() throws CallGraphException {
        AnswerFormat chosen = AnswerFormat.of(format);
        if (chosen == null) {
            throw new CallGraphException("--format is '" + format + "': use " + AnswerFormat.WORDS);
        }
        if (limit < 1) {
            throw new CallGraphException("--limit is " + limit + ": use at least 1");
        }
        return chosen;
    }

    CallGraph graph(@Nullable List<Path> jars) throws CallGraphException {
        List<Path> paths = new ArrayList<>(jars == null ? List.of() : jars);
        if (classPath != null) {
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                paths.add(Path.of(entry));
            }
        }
        boolean everything = packages.contains("*");
        return CallGraph.read(paths.isEmpty() ? own() : paths, everything ? List.of() : packages, excluded);
    }

    /** What {@code --label} asks of a method: everything without it, one of the labels with it. */
    Predicate<Node> labelled(CallGraph graph) throws CallGraphException {
        List<Selector> selectors = selectors(labels, graph);
        return node -> selectors.isEmpty() || selectors.stream().anyMatch(selector -> selector.test(node));
    }

    private static List<Selector> selectors(List<String> texts, CallGraph graph) throws CallGraphException {
        List<Selector> selectors = new ArrayList<>();
        for (String text : texts) {
            Selector selector = Selector.of(text);
            selector.requireMeaning(graph);
            selectors.add(selector);
        }
        return selectors;
    }

    Search search(CallGraph graph, int usualDepth) throws CallGraphException {
        List<Selector> selectors = selectors(stops, graph);
        if (depth != null && depth < 1) {
            throw new CallGraphException("--depth is " + depth + ": use at least 1");
        }
        Cuts read = cuts == null ? Cuts.NONE : Cuts.read(cuts);
        if (strict) {
            read.requireAllUsed(graph);
        }
        return new Search(read, selectors, depth == null ? usualDepth : depth);
    }

    /** The class path of this process, with what the manifests of its jars name. */
    private static List<Path> own() throws CallGraphException {
        Set<Path> found = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            add(Path.of(entry.isEmpty() ? "." : entry).toAbsolutePath().normalize(), found);
        }
        return List.copyOf(found);
    }

    private static void add(Path path, Set<Path> found) throws CallGraphException {
        if (Files.notExists(path) || !found.add(path) || Files.isDirectory(path)) {
            return; // a class path may name what is not there
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            Manifest manifest = jar.getManifest();
            String more = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String relative : more == null ? new String[0] : more.strip().split("\\s+", -1)) {
                add(Path.of(path.toUri().resolve(relative)).normalize(), found);
            }
        } catch (IOException e) {
            throw new CallGraphException("not a jar: '" + path + "': " + e.getMessage() + ": build it again", e);
        }
    }
}
