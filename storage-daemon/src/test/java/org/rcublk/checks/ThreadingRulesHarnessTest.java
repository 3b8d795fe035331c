// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Cuts;

/** What {@link ThreadingRulesTest} would say of a program that breaks the rules. */
class ThreadingRulesHarnessTest {
    private static final String SOURCE = """
            package synthetic;

            import java.util.concurrent.Semaphore;
            import org.rcublk.annotation.*;

            final class Program {
                private final Semaphore turns = new Semaphore(1);
                @ConfinedTo("the IOThread") private int running = 1;

                @IoThreadOnly Object poll() {
                    return step();
                }

                @IoThreadOnly String words() {
                    return "a" + running + ("b" + running).trim();
                }

                private Object step() {
                    turns.acquireUninterruptibly();
                    return new int[running];
                }

                @AnyThread int report() {
                    return running();
                }

                private int running() {
                    return running;
                }
            }
            """;

    @TempDir
    private static Path folder;

    private static CallGraph graph;

    @BeforeAll
    static void compile() throws Exception {
        Path source = Files.writeString(folder.resolve("Program.java"), SOURCE);
        Path classes = folder.resolve("classes");
        new Javac(folder).compile(List.of(source), Project.classPath(), classes);
        List<Path> paths = new ArrayList<>(Project.classes());
        paths.add(classes);
        graph = CallGraph.read(paths, List.of("synthetic"));
    }

    @Test
    void aBrokenRuleIsShownAsTheShortestWayWithItsLines() throws Exception {
        List<CallPath> broken = ThreadingRule.IO_NEVER_BLOCKS.broken(graph, Cuts.NONE);
        assertEquals("""

                  synthetic.Program.poll(Program.java:11) [@IoThreadOnly]
                    -> synthetic.Program.step(Program.java:19) [allocation]
                    -> java.util.concurrent.Semaphore.acquireUninterruptibly [blocking]

                """, Ways.text(broken));
    }

    @Test
    void aConstructorMaySetAConfinedFieldAndAnUnruledMethodHidesNone() throws Exception {
        List<CallPath> broken = ThreadingRule.CONFINED_FIELDS.broken(graph, Cuts.NONE);
        assertEquals("""

                  synthetic.Program.report(Program.java:24) [@AnyThread]
                    -> synthetic.Program.running(Program.java:28)
                    -> synthetic.Program.running(Program.java:0) reads [@ConfinedTo]

                """, Ways.text(broken));
    }

    @Test
    void aCutHidesAWayAndOneOfNothingIsAFault() throws Exception {
        Cuts cuts = Cuts.parse(List.of("Program.step -> Semaphore.* : there is a turn for each"), "cuts");
        assertEquals(List.of(), ThreadingRule.IO_NEVER_BLOCKS.broken(graph, cuts));
        cuts.requireAllUsed(graph);
        Cuts stale = Cuts.parse(List.of("Program.step -> Lock.lock : there was a lock"), "cuts");
        CallGraphException fault = assertThrows(CallGraphException.class, () -> stale.requireAllUsed(graph));
        assertTrue(fault.getMessage().contains("there was a lock"), fault.getMessage());
    }

    @Test
    void anAllocationIsExplainedOrAFault() throws Exception {
        List<CallPath> found = IoPath.allocations(graph, List.of(), List.of("Program.poll"));
        AllocationList none = AllocationList.parse(List.of("# head", ""), "list");
        String entry = "synthetic.Program.step: new array int[]";
        List<String> faults = none.faults(found);
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("not explained: " + entry + "\n"), faults.get(0));
        assertTrue(faults.get(0).contains("step(Program.java:"), faults.get(0));
        assertEquals("# head\n\n" + entry + " : TODO\n", none.updated(found));
    }

    @Test
    void aReasonIsNotTodoAndIsKeptAsLongAsThereIsSomethingToExplain() throws Exception {
        List<CallPath> found = IoPath.allocations(graph, List.of(), List.of("Program.poll"));
        String entry = "synthetic.Program.step: new array int[]";
        List<String> explained = List.of(entry + " : once a round");
        assertEquals(List.of(), AllocationList.parse(explained, "list").faults(found));
        assertEquals(
                1,
                AllocationList.parse(List.of(entry + " : TODO"), "list")
                        .faults(found)
                        .size());
        AllocationList stale = AllocationList.parse(List.of(entry + " : once a round", "A.b: new C : never"), "list");
        assertEquals(List.of("no such allocation is left, remove the line: A.b: new C"), stale.faults(found));
        assertEquals(entry + " : once a round\n", stale.updated(found));
    }

    @Test
    void oneMoreOfAKindInAMethodIsNoticed() throws Exception {
        List<CallPath> found = IoPath.allocations(graph, List.of(), List.of("Program.words"));
        String entry = "synthetic.Program.words: string concatenation";
        AllocationList two = AllocationList.parse(List.of(entry + " x2 : in the handshake"), "list");
        assertEquals(List.of(), two.faults(found));
        AllocationList one = AllocationList.parse(List.of(entry + " : in the handshake"), "list");
        List<String> faults = one.faults(found);
        assertEquals(2, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("not explained: " + entry + " x2\n"), faults.get(0));
        assertEquals("no such allocation is left, remove the line: " + entry, faults.get(1));
        String written = one.updated(found);
        assertEquals(entry + " x2 : TODO, for one it was: in the handshake\n", written);
        assertEquals(
                1,
                AllocationList.parse(List.of(written.strip()), "list")
                        .faults(found)
                        .size(),
                "still to be explained");
    }
}
