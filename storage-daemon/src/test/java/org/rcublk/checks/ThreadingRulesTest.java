// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Cuts;
import org.rcublk.callgraph.DutyCycle;
import org.rcublk.callgraph.Node;

/**
 * The threading rules over the byte code of the whole project. What is right though it breaks one is cut, with the reason,
 * in static-checks/rules/cuts.txt; what allocates on the way of a request is explained in allocations.txt.
 */
class ThreadingRulesTest {
    private static final Path CUTS = Project.file("static-checks/rules/cuts.txt");
    private static final Path ALLOCATIONS = Project.file("static-checks/rules/allocations.txt");
    private static final boolean WRITE = Boolean.getBoolean("rcublk.allocations.write");

    private static CallGraph graph;
    private static Cuts cuts;

    @BeforeAll
    static void readTheProject() throws Exception {
        List<Path> paths = new ArrayList<>(Project.classes());
        paths.addAll(Project.libraries());
        graph = CallGraph.read(paths, List.of("org.rcublk"));
        cuts = Cuts.read(CUTS);
    }

    @ParameterizedTest
    @EnumSource
    void noMethodBreaks(ThreadingRule rule) throws Exception {
        List<CallPath> broken = rule.broken(graph, cuts);
        assertTrue(
                broken.isEmpty(),
                () -> rule + ", but " + broken.size() + " do; mend them, or cut the call in " + CUTS.getFileName()
                        + " with the reason why it is right:\n" + Ways.text(broken));
    }

    @Test
    void eachCutCutsSomething() throws Exception {
        cuts.requireAllUsed(graph);
    }

    @Test
    void nothingOfTheControlPathIsInTheDutyCycle() throws Exception {
        List<DutyCycle.Member> members = IoPath.members(graph, cuts);
        List<Node> control = members.stream()
                .map(DutyCycle.Member::method)
                .filter(IoPath::control)
                .toList();
        List<Node> unannotated = DutyCycle.unannotated(members);
        report(members.size(), unannotated);
        assertEquals(List.of(), control, "methods of the control path that an IOThread reaches");
        assertEquals(
                List.of(),
                unannotated.stream().filter(IoPath::wantsRule).toList(),
                "methods of the modules below that an IOThread runs, and that do not say so");
    }

    /** For whoever annotates: which methods run on IOThreads though they do not say so. */
    private static void report(int all, List<Node> unannotated) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                all + " methods are reached from the duty cycle; of " + unannotated.size() + " only the calls say so:");
        unannotated.forEach(node -> lines.add(node.toString()));
        Files.write(Files.createDirectories(Path.of("target")).resolve("duty-cycle.txt"), lines);
    }

    @Test
    void eachAllocationOnTheFastPathIsExplained() throws Exception {
        List<CallPath> found = IoPath.allocations(graph, Files.readAllLines(CUTS), IoPath.FAST_PATH);
        if (WRITE) {
            Files.writeString(ALLOCATIONS, AllocationList.read(ALLOCATIONS).updated(found));
        }
        List<String> faults = AllocationList.read(ALLOCATIONS).faults(found);
        assertTrue(
                faults.isEmpty(),
                () -> faults.size() + " faults in " + ALLOCATIONS.getFileName()
                        + "; -Drcublk.allocations.write=true adds and removes lines:\n" + String.join("\n", faults));
    }
}
