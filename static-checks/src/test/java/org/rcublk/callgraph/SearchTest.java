// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Cut files, limits of a search, and every error's message. */
class SearchTest {
    private static final String SOURCE = """
            class A {
                void a() { b(); c(); }
                void b() { c(); }
                void c() { d(); }
                @GlobalState void d() { e(); }
                void e() { e(); }
            }
            """;

    @TempDir
    private Path folder;

    private static String message(Executable action) {
        String message = assertThrows(CallGraphException.class, action).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static Search cutting(String... lines) throws CallGraphException {
        return new Search(Cuts.parse(List.of(lines), "cuts"), List.of(), Integer.MAX_VALUE);
    }

    @Test
    void cutsTakeCallsAway() throws CallGraphException {
        Program program = Program.of(folder, SOURCE);
        assertEquals(List.of("A.a > A.c"), program.paths("A.a", "A.c"));
        Search call = cutting("# a comment", "", "A.a -> A.c : tried and found harmless");
        assertEquals(List.of("A.a > A.b > A.c"), program.paths(call, "A.a", "A.c"));
        assertEquals(List.of(), program.paths(cutting("p.A.c : never called in truth"), "A.a", "A.c"));
        assertEquals(List.of(), program.paths(cutting("A.c -> @GlobalState : a label"), "A.a", "A.e"));
    }

    @Test
    void cutFilesAreChecked() throws CallGraphException {
        Program program = Program.of(folder, SOURCE);
        assertTrue(message(() -> cutting("A.a -> A.b")).contains("cuts:1: a cut without a reason"));
        assertTrue(message(() -> cutting("x : y", "A.a -> A.b : ")).contains("cuts:2: a cut without a reason"));
        assertTrue(message(() -> cutting("A.( : why")).contains("cuts:1: 'A.(' is no regular expression"));
        assertTrue(message(() -> cutting(" -> A.b : why")).contains("cuts:1: "));
        Cuts stale = Cuts.parse(List.of("A.a -> A.b : fine", "A.a -> A.e : no such call"), "cuts");
        assertTrue(message(() -> stale.requireAllUsed(program.graph)).contains("cuts:2: the cut matches no call"));
        assertTrue(message(() -> Cuts.read(folder.resolve("none"))).contains("cannot read the cuts"));
    }

    @Test
    void depthAndStopsLimitTheWay() throws CallGraphException {
        Program program = Program.of(folder, SOURCE);
        assertEquals(
                List.of(),
                program.paths(new Search(Cuts.NONE, List.of(), 2), "A.a", "A.d").stream()
                        .filter(line -> line.contains("A.e"))
                        .toList());
        assertEquals(
                1,
                program.paths(new Search(Cuts.NONE, List.of(), 2), "A.a", "A.d").size());
        assertEquals(
                0,
                program.paths(new Search(Cuts.NONE, List.of(), 1), "A.a", "A.d").size());
        Search stop = new Search(Cuts.NONE, List.of(Selector.of("@GlobalState")), Integer.MAX_VALUE);
        assertEquals(1, program.paths(stop, "A.a", "A.d").size());
        assertEquals(List.of(), program.paths(stop, "A.a", "A.e"));
        assertEquals(List.of("A.d > A.e"), program.paths(stop, "A.d", "A.e"), "it may begin there");
    }

    @Test
    void callersAndCalleesGoAsDeepAsAsked() throws CallGraphException {
        Program program = Program.of(folder, SOURCE);
        List<Node> c = Selector.of("A.c").in(program.graph);
        assertEquals(2, new Search(Cuts.NONE, List.of(), 1).callers(c).size());
        assertEquals(3, new Search(Cuts.NONE, List.of(), 2).callers(c).size());
        assertEquals(1, new Search(Cuts.NONE, List.of(), 1).callees(c).size());
    }

    @Test
    void selectorsSayWhatIsWrong() throws CallGraphException {
        Program program = Program.of(folder, SOURCE);
        assertTrue(message(() -> Selector.of("A.(").in(program.graph)).contains("no regular expression"));
        assertTrue(message(() -> Selector.of("A.zzz").in(program.graph)).contains("nothing matches 'A.zzz'"));
        assertTrue(message(() -> Selector.of("@No Thing")).contains("is no label"));
        assertTrue(message(() -> Selector.of(" ")).contains("an empty selector"));
        assertTrue(message(() -> Selector.of("@IoThredOnly").requireMeaning(program.graph))
                .contains("nothing matches '@IoThredOnly'"));
        Selector.of("@WaitsForGracePeriod").requireMeaning(program.graph);
        Selector.of("blocking").requireMeaning(program.graph);
    }

    @Test
    void expressionsAreForNamesAndForParametersOnlyIfTheySaySo() throws CallGraphException {
        Program program = Program.of(folder, "class B {} class A { void a(B b, int[] i) {} void a() {} }");
        assertEquals(1, Selector.of("B.*").in(program.graph).size(), "the constructor alone");
        assertEquals(2, Selector.of("A.a").in(program.graph).size());
        assertEquals(1, Selector.of("A.a(B, int[])").in(program.graph).size());
        assertEquals(1, Selector.of("A\\.a\\(p\\.B.*\\)").in(program.graph).size());
    }

    @Test
    void brokenInputIsNamed() throws IOException {
        Path missing = folder.resolve("missing.jar");
        assertTrue(message(() -> CallGraph.read(List.of(missing), List.of())).contains("no such jar"));
        Path garbage = Files.writeString(folder.resolve("garbage.jar"), "not a jar");
        assertTrue(message(() -> CallGraph.read(List.of(garbage), List.of())).contains("not a jar"));
        Path empty = folder.resolve("empty.jar");
        new JarOutputStream(Files.newOutputStream(empty)).close();
        assertTrue(message(() -> CallGraph.read(List.of(empty), List.of())).contains("no class of any package"));
    }

    @Test
    void corruptClassFileIsNamed() throws IOException {
        Path classes = Program.compile(folder, SOURCE);
        Path file = classes.resolve("p/A.class");
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 40, bytes.length / 2, bytes.length - 30}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertTrue(
                    message(() -> CallGraph.read(List.of(classes), List.of("p")))
                            .contains("A.class"),
                    "" + length);
        }
        byte[] newer = bytes.clone();
        newer[7] = 99;
        Files.write(file, newer);
        assertTrue(message(() -> CallGraph.read(List.of(classes), List.of("p"))).contains("A.class"));
    }
}
