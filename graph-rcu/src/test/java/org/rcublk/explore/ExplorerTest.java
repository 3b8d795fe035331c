// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every scenario in every schedule; and that the explorer itself finds what is there to be found. */
@EnabledIfSystemProperty(named = "rcublk.steps", matches = "true", disabledReason = "see the execution 'explorer'")
class ExplorerTest {
    private final Explorer explorer = new Explorer();

    @TestFactory
    Stream<DynamicTest> noScheduleViolatesItsScenario() {
        return ExploreMain.scenarios().stream()
                .map(s -> DynamicTest.dynamicTest(s.name(), () -> {
                    Outcome outcome = explorer.explore(s);
                    System.out.println(outcome.describe());
                    assertNull(outcome.failure(), outcome::describe);
                }));
    }

    @Test
    void aLostUpdateIsFoundWithOnePreemptionAndReplayed() {
        Scenario race = Scenario.of("race", "no update is lost", run -> {
            int[] count = new int[1];
            for (String name : new String[] {"one", "other"}) {
                run.thread(name, () -> {
                    Run.step("read");
                    int before = count[0];
                    Run.step("write");
                    count[0] = before + 1;
                });
            }
            run.atEnd(() -> Run.check(count[0] == 2, "counted " + count[0]));
        });
        assertNull(explorer.explore(new Scenario("race", "", 0, race.passedOver(), race.mutants(), race.build()))
                .failure());
        Outcome found = explorer.explore(race);
        assertEquals(1, found.bound(), "with as few preemptions as it takes");
        assertEquals("counted 1", String.valueOf(assertNotNullFailure(found).getMessage()));
        Outcome again = explorer.replay(race, found.schedule());
        assertEquals("counted 1", assertNotNullFailure(again).getMessage());
        assertEquals(found.trace(), again.trace());
        assertNull(explorer.replay(race, "-").failure());
    }

    @Test
    void aWaitForNobodyIsAFailureOfLiveness() {
        Outcome stuck = explorer.explore(Scenario.of("stuck", "liveness", run -> {
            boolean[] never = new boolean[1];
            run.thread("one", () -> run.await("the other", () -> never[0]));
            run.thread("other", () -> Run.step("nothing"));
        }));
        assertTrue(assertNotNullFailure(stuck).getMessage().contains("one waits for ever"));
    }

    @Test
    void allSchedulesAreRun() {
        java.util.Set<String> seen = new java.util.TreeSet<>();
        Scenario letters = new Scenario("letters", "", 9, java.util.Set.of(), java.util.List.of(), run -> {
            StringBuilder order = new StringBuilder();
            for (String name : new String[] {"a", "b"}) {
                run.thread(name, () -> {
                    for (int i = 0; i < 3; i++) {
                        Run.step("append");
                        order.append(name);
                    }
                });
            }
            run.atEnd(() -> seen.add(order.toString()));
        });
        assertNull(explorer.explore(letters).failure());
        assertEquals(20, seen.size(), "6 over 3 ways to merge: " + seen);
    }

    private static Throwable assertNotNullFailure(Outcome outcome) {
        Throwable failure = outcome.failure();
        assertNotNull(failure);
        return failure;
    }
}
