// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The calls of a whole program. Immutable once read. */
public final class CallGraph {
    private final NavigableSet<Node> nodes = new TreeSet<>();
    private final int classes;

    private CallGraph(Iterable<Node> nodes, int classes) {
        nodes.forEach(this.nodes::add);
        this.classes = classes;
    }

    /**
     * Reads class files and links them.
     *
     * @param paths jars and folders of classes, in the order of a class path
     * @param packages which classes to analyse: those whose names begin so, at a dot; all if empty. The others are read as far as
     *     the types of what is called there are concerned
     * @return the graph
     * @throws CallGraphException if a path is missing or broken, or no class is left to analyse
     */
    public static CallGraph read(List<Path> paths, Collection<String> packages) throws CallGraphException {
        return read(paths, packages, List.of());
    }

    /**
     * Reads class files and links them.
     *
     * @param paths jars and folders of classes, in the order of a class path
     * @param packages which classes to analyse; all if empty
     * @param excluded which of them not to analyse, named likewise
     * @return the graph
     * @throws CallGraphException if a path is missing or broken, or no class is left to analyse
     */
    public static CallGraph read(List<Path> paths, Collection<String> packages, Collection<String> excluded)
            throws CallGraphException {
        List<String> prefixes = prefixes(packages);
        List<String> without = prefixes(excluded);
        try (ClassFiles files = new ClassFiles(paths)) {
            List<ClassFacts> found = new ArrayList<>();
            files.each(
                    name -> (prefixes.isEmpty() || within(name, prefixes)) && !within(name, without),
                    (bytes, where) -> found.add(FactsReader.read(bytes, where, true)));
            if (found.isEmpty()) {
                throw new CallGraphException(
                        "no class of " + (packages.isEmpty() ? "any package" : packages) + " in "
                                + (paths.size() > 3 ? paths.size() + " jars and folders" : paths)
                                + ": name other jars, or other packages: --include takes the beginnings of their names, or '*' for all");
            }
            Types types = new Types(files, found);
            Rules rules = new Rules(types);
            Library library = new Library(types);
            Nodes all = new Nodes(types, rules, library);
            new Linker(types, rules, library, all).link();
            return new CallGraph(all.all(), types.analysed().size());
        }
    }

    private static List<String> prefixes(Collection<String> packages) {
        return packages.stream().map(name -> name.replace('.', '/')).toList();
    }

    private static boolean within(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(prefix -> within(name, prefix));
    }

    private static boolean within(String name, String prefix) {
        return name.startsWith(prefix)
                && (name.length() == prefix.length()
                        || prefix.endsWith("/")
                        || "/$".indexOf(name.charAt(prefix.length())) >= 0);
    }

    /**
     * All nodes.
     *
     * @return sorted by name
     */
    public NavigableSet<Node> nodes() {
        return Collections.unmodifiableNavigableSet(nodes);
    }

    /**
     * How many classes were analysed.
     *
     * @return the number of classes and interfaces
     */
    public int classes() {
        return classes;
    }
}
