// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.BugCheckerRefactoringTestHelper;
import com.google.errorprone.CompilationTestHelper;
import org.junit.jupiter.api.Test;
import org.rcublk.checks.Stubs;

class LazyVavrInVersionTest {
    private static final String HEAD = """
            package org.rcublk.graph;

            import io.vavr.Lazy;
            import io.vavr.collection.*;

            """;

    private void compile(String source) {
        CompilationTestHelper.newInstance(LazyVavrInVersion.class, getClass())
                .setArgs(Stubs.classPath())
                .addSourceLines("Case.java", source.replace("// BUG", "// BUG: Diagnostic contains:"))
                .doTest();
    }

    private void fix(String before, String after) {
        BugCheckerRefactoringTestHelper.newInstance(LazyVavrInVersion.class, getClass())
                .setArgs(Stubs.classPath().toArray(String[]::new))
                .addInputLines("Case.java", HEAD + before)
                .addOutputLines("Case.java", HEAD + after)
                .doTest();
    }

    @Test
    void fieldsOfThePackage() {
        compile(HEAD + """
                class Edges {
                    // BUG the field stream
                    Stream<String> stream;
                    // BUG the field iterator
                    Iterator<String> iterator;
                    // BUG the field lazy
                    final Lazy<String> lazy = Lazy.of(() -> "x");
                    // BUG the field nested
                    HashMap<String, Stream<String>> nested;
                    List<String> list;
                    Vector<String> vector;
                    Seq<String> seq;
                    java.util.List<String> mutable;
                    java.util.stream.Stream<String> other;
                }
                """);
    }

    @Test
    void recordsMethodsAndParameters() {
        compile(HEAD + """
                class Edges {
                    // BUG the field names
                    record Part(String id, Stream<String> names) {}

                    // BUG the argument names
                    Edges(Stream<String> names) {}

                    // BUG what names() returns
                    Stream<String> names() {
                        return null;
                    }

                    private Stream<String> inner() {
                        Stream<String> local = inner();
                        return local;
                    }
                }
                """);
    }

    @Test
    void expressionsUnderAnotherType() {
        compile(HEAD + """
                class Edges {
                    private Seq<String> names;
                    // BUG what the field initial is set to
                    private final Seq<String> initial = List.<String>empty().toStream();

                    Edges(Seq<String> names) {
                        this.names = names;
                    }

                    void set(Map<String, String> map, Seq<String> given) {
                        // BUG what the field names is set to
                        this.names = map.values();
                        // BUG what the field names is set to
                        names = given == null ? given.toStream() : given;
                        names = given.map(x -> x).toVector();
                        // BUG what new Edges() gets
                        new Edges(given.toStream());
                        new Edges(map.values().toList());
                    }
                }
                """);
    }

    @Test
    void nodesAndChangesElsewhere() {
        compile("""
                import io.vavr.collection.*;
                import org.rcublk.graph.*;

                class Outside {
                    Stream<String> free;

                    static class Node extends BlockNode {
                        // BUG the field names
                        Stream<String> names;
                    }

                    static class Change implements GraphChange {
                        // BUG the field names
                        final Iterator<String> names = null;
                        final List<String> strict = List.empty();
                    }
                }
                """);
    }

    @Test
    void acceptsSuppression() {
        compile(HEAD + """
                class Edges {
                    @SuppressWarnings("LazyVavrInVersion") // of one test
                    Stream<String> stream;
                }
                """);
    }

    @Test
    void suggestsAStrictCollection() {
        fix("""
                class Edges {
                    Seq<String> names;
                    Vector<String> vector;

                    Edges(Seq<String> names) {
                        this.names = names.toStream();
                        new Edges(names.toStream());
                    }
                }
                """, """
                class Edges {
                    Seq<String> names;
                    Vector<String> vector;

                    Edges(Seq<String> names) {
                        this.names = names.toStream().toVector();
                        new Edges(names.toStream().toVector());
                    }
                }
                """);
    }
}
