// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.testkit.Tool;

/**
 * A snapshot under load loses no acknowledged write (guarantees F and K, hazard H1); and the same program with the gate
 * switched off does lose some, so it can tell. Repeat a failure with {@code -Drcublk.seed=}.
 */
class SnapshotHazardTest {
    private static final long SEED = Long.getLong("rcublk.seed", System.nanoTime());
    private static final int RUNS = 2000;
    private static final int RUNS_WITHOUT_GATE = 100;

    @Test
    void noAcknowledgedWriteIsLost() throws Exception {
        System.out.println("SnapshotHazardTest: seed " + SEED);
        try (SnapshotHazard hazard = new SnapshotHazard()) {
            SnapshotHazard.Tally tally = hazard.run(SEED, RUNS);
            System.out.println("SnapshotHazardTest: " + tally);
            assertEquals(0, tally.runsThatLost(), "runs that lost blocks: seed " + SEED);
            // Else the runs proved nothing: requests have to meet the gate, and clusters have to be copied.
            assertTrue(tally.parked() > RUNS / 100, tally.toString());
            assertTrue(tally.copied() > RUNS / 100, tally.toString());
        }
    }

    @Test
    void withoutTheGateTheSameProgramLosesData() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-D")) {
                command.add(flag);
            }
        }
        command.add("-Drcublk.mutants=graph-no-gate");
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(SnapshotHazard.class.getName());
        command.add(Long.toString(SEED));
        command.add(Integer.toString(RUNS_WITHOUT_GATE));
        Process process = Tool.start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(
                "SnapshotHazardTest without the gate: " + output.lines().reduce("", (a, b) -> b));
        assertEquals(1, Tool.end(process), "seed " + SEED + " lost nothing, or failed otherwise: " + output);
    }
}
