// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles small sources with the JDK's own compiler and asks about them. */
final class Program {
    private static final Path ANNOTATIONS = Path.of("../graph-rcu/src/main/java/org/rcublk/annotation");

    private static final String HEAD = """
            package p;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.locks.*;
            import java.util.function.*;
            import org.rcublk.annotation.*;
            """;

    final CallGraph graph;

    private Program(CallGraph graph) {
        this.graph = graph;
    }

    /** Compiles one source in package {@code p} with the real annotations. */
    static Program of(Path folder, String source) throws CallGraphException {
        compile(folder, source);
        return new Program(CallGraph.read(List.of(folder.resolve("classes")), List.of("p")));
    }

    static Path compile(Path folder, String source) {
        Path classes = folder.resolve("classes");
        try (Stream<Path> annotations = Files.list(ANNOTATIONS)) {
            List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-g", "-proc:none", "-nowarn"));
            annotations
                    .filter(file -> !file.endsWith("package-info.java"))
                    .forEach(file -> arguments.add(file.toString()));
            arguments.add(Files.writeString(folder.resolve("Seed.java"), HEAD + source)
                    .toString());
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            assertNotNull(javac);
            StringWriter errors = new StringWriter();
            boolean compiled = javac.getTask(
                            errors,
                            null,
                            null,
                            arguments.subList(0, 5),
                            null,
                            javac.getStandardFileManager(null, null, null)
                                    .getJavaFileObjects(arguments
                                            .subList(5, arguments.size())
                                            .toArray(String[]::new)))
                    .call();
            assertTrue(compiled, errors.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return classes;
    }

    /** The shortest ways, each in one line of names without the package: {@code A.a > B.b}. */
    List<String> paths(String from, String to) throws CallGraphException {
        return paths(Search.ALL, from, to);
    }

    List<String> paths(Search search, String from, String to) throws CallGraphException {
        return search.paths(Selector.of(from).in(graph), Selector.of(to)).stream()
                .map(Program::line)
                .toList();
    }

    static String line(CallPath path) {
        return Stream.concat(Stream.of(path.start()), path.edges().stream().map(Edge::to))
                .map(node -> node.name().replaceFirst("^p\\.", ""))
                .collect(Collectors.joining(" > "));
    }

    /** What the method calls, without the package, constructors left out. */
    List<String> callees(String method) throws CallGraphException {
        return new Search(Cuts.NONE, List.of(), 1)
                .callees(Selector.of(method).in(graph)).stream()
                        .map(edge -> edge.to().name().replaceFirst("^p\\.", ""))
                        .filter(name -> !name.endsWith("<init>"))
                        .distinct()
                        .sorted()
                        .toList();
    }

    Node node(String name) throws CallGraphException {
        List<Node> found = Selector.of(name).in(graph);
        assertEquals(1, found.size(), found.toString());
        return found.getFirst();
    }

    /** Kind and type of each allocation that can be reached. */
    List<String> allocations(String from) throws CallGraphException {
        return Search.ALL.allocations(Selector.of(from).in(graph)).stream()
                .map(path -> path.allocation().getFirst().toString().replace(" p.", " "))
                .sorted()
                .toList();
    }
}
