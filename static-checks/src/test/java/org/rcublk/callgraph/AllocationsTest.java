// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as an allocation, and how answers are written. */
class AllocationsTest {
    @TempDir
    private Path folder;

    private Program program(String source) throws CallGraphException {
        return Program.of(folder, source);
    }

    @Test
    void everyKindIsFound() throws CallGraphException {
        Program program = program("""
                class A {
                    Object plain() { return new A(); }
                    Object arrays() { return new Object[] {new int[1], new long[1][1]}; }
                    Object boxed(int i) { return i; }
                    String joined(int i) { return "a" + i; }
                    Runnable lambda(int i) { return () -> joined(i); }
                    Runnable constant() { return () -> System.gc(); }
                    void varargs(int i) { String.format("", ""); }
                    void iterate(List<String> l) { for (String s : l) { s.length(); } }
                    Object far() { return plain(); }
                }
                """);
        assertEquals(List.of("new A"), program.allocations("A.plain"));
        assertEquals(
                List.of("new array int[]", "new array java.lang.Object[]", "new array long[][]"),
                program.allocations("A.arrays"));
        assertEquals(List.of("boxing java.lang.Integer"), program.allocations("A.boxed"));
        assertEquals(List.of("string concatenation"), program.allocations("A.joined"));
        assertEquals(List.of("capturing lambda java.lang.Runnable"), program.allocations("A.lambda"));
        assertEquals(List.of(), program.allocations("A.constant"));
        assertEquals(List.of("new array java.lang.Object[]"), program.allocations("A.varargs"));
        assertEquals(List.of("iterator java.util.List"), program.allocations("A.iterate"));
        assertEquals(List.of("new A"), program.allocations("A.far"));
    }

    @Test
    void whatOnlyMakesAThrownExceptionDoesNotCount() throws CallGraphException {
        Program program = program("""
                class A {
                    void check(int i) { if (i < 0) { throw new IllegalArgumentException("i is " + i + text(i)); } }
                    void helper(int i) { if (i < 0) { throw failure(i); } }
                    static RuntimeException failure(int i) { return new IllegalStateException("i is " + i); }
                    static String text(int i) { return "" + i; }
                    Exception kept() { return new Exception("kept"); }
                    void loop() { for (;;) { new A(); } }
                }
                """);
        assertEquals(List.of(), program.allocations("A.check"));
        assertEquals(List.of(), program.allocations("A.helper"));
        assertEquals(List.of("new java.lang.Exception"), program.allocations("A.kept"));
        assertEquals(List.of("new A"), program.allocations("A.loop"), "a loop without end is not a throw");
    }

    @Test
    void textNamesStepsAsAStackTraceDoes() throws CallGraphException {
        Program program = program("""
                interface Device { void close(); }
                class File implements Device { public synchronized void close() {} }
                class A { @IoThreadOnly void a(Device d) { d.close(); } }
                """);
        List<CallPath> paths =
                Search.ALL.paths(Selector.of("@IoThreadOnly").in(program.graph), Selector.of("blocking"));
        assertEquals("""
                q: 3, of which 1 are shown

                  p.A.a(Seed.java:9) [@IoThreadOnly]
                    p.File.close(Seed.java:8) via interface p.Device
                    <monitor> synchronized method [blocking]
                """, AnswerFormat.TEXT.write(new Answer.Paths("q", paths, 2)));
    }

    @Test
    void graphvizNamesEachNodeOnceAndQuotes() throws CallGraphException {
        Program program = program("""
                class A { void a() { b(); c(); } void b() { c(); } void c() {} }
                """);
        List<Edge> edges =
                new Search(Cuts.NONE, List.of(), 9).callees(Selector.of("A.a").in(program.graph));
        String dot = AnswerFormat.DOT.write(new Answer.Calls("the \"question\"", edges, 0));
        assertTrue(dot.startsWith("digraph calls {\n") && dot.endsWith("}\n"), dot);
        assertEquals(
                3,
                dot.lines().filter(line -> line.contains("fillcolor=white];")).count(),
                dot);
        assertEquals(3, dot.lines().filter(line -> line.contains(" -> ")).count(), dot);
        assertTrue(dot.contains("label=\"the \\\"question\\\"\""), dot);
    }
}
