// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the debug mode finds. The build runs it in a JVM of its own with {@code -Drcublk.rcu.debug=all}. */
@Timeout(60)
class DebugModeTest {
    private final ReadDomain domain = new ReadDomain("d");

    @Test
    void onlyItsThreeValuesAreTaken() {
        assertSame(DebugMode.OFF, DebugMode.parse("off"));
        assertSame(DebugMode.SAMPLED, DebugMode.parse("Sampled"));
        assertSame(DebugMode.ALL, DebugMode.parse("ALL"));
        assertNull(DebugMode.parse("on"));
    }

    @Test
    @EnabledIfSystemProperty(named = DebugMode.PROPERTY, matches = "all")
    void aTokenEndsOnce() {
        long token = domain.downRead();
        domain.upRead(token);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> domain.upRead(token));
        assertTrue(refused.getMessage().contains("ended already"), refused.getMessage());
        assertEquals(0, domain.openSections(), "the second end was not counted");
        assertThrows(IllegalStateException.class, () -> domain.forkRead(token), "fork after the parent's end");
        assertThrows(IllegalStateException.class, () -> domain.handOff(token));
        domain.synchronize();
    }

    @Test
    @EnabledIfSystemProperty(named = DebugMode.PROPERTY, matches = "all")
    void aWaitUnderATokenOfTheThreadThrows() throws Exception {
        long token = domain.downRead();
        IllegalStateException refused = assertThrows(IllegalStateException.class, domain::synchronize);
        assertTrue(refused.getMessage().contains("aWaitUnderATokenOfTheThreadThrows"), refused.getMessage());
        assertTrue(refused.getMessage().contains("handOff"), "names the mend: " + refused.getMessage());
        Thread other = new Thread(() -> domain.upRead(token));
        domain.handOff(token); // now it is another thread's to end
        other.start();
        domain.synchronize(Waits.LONG);
        other.join();
    }

    @Test
    @EnabledIfSystemProperty(named = DebugMode.PROPERTY, matches = "all")
    void aStallNamesThePlaceThatBeganTheSection() {
        List<GracePeriodStall> stalls = new CopyOnWriteArrayList<>();
        domain.stallThreshold(Duration.ofMillis(10));
        domain.onStall(stalls::add);
        long token = domain.downRead();
        domain.startPoll();
        Waits.until("a report", () -> !stalls.isEmpty());
        domain.upRead(token);
        String report = stalls.get(0).describe();
        assertTrue(report.contains("DebugModeTest.aStallNamesThePlaceThatBeganTheSection"), report);
    }

    @Test
    @EnabledIfSystemProperty(named = DebugMode.PROPERTY, matches = "all")
    void lexicalAndForkedSectionsAreRecorded() {
        try (ReadSection section = domain.read()) {
            long child = section.fork();
            assertEquals(2, Tokens.open(domain.base(), any -> true).size());
            domain.upRead(child);
        }
        assertEquals(List.of(), Tokens.open(domain.base(), any -> true));
    }
}
