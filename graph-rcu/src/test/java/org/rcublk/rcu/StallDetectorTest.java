// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A grace period that does not end is reported, again and again, with who holds it. */
@Timeout(60)
class StallDetectorTest {
    private final ReadDomain domain = new ReadDomain("stalled");
    private final List<GracePeriodStall> stalls = new CopyOnWriteArrayList<>();

    private void watch() {
        domain.stallThreshold(Duration.ofMillis(20));
        domain.onStall(stalls::add);
    }

    @Test
    void aStallIsReportedRepeatedlyWithItsHolder() throws Exception {
        watch();
        domain.sectionHolders(() -> List.of(new SectionHolder(
                "io0", "root 'disk', node 'file'", "read of 4096 bytes at 0", 25_000_000, List.of())));
        long token = domain.downRead();
        long cookie = domain.startPoll(); // nobody waits: the driver finds it
        Waits.until("three reports", () -> stalls.size() >= 3);
        domain.upRead(token);
        Waits.until("the grace period ends", () -> domain.poll(cookie));
        GracePeriodStall first = stalls.get(0);
        assertEquals("stalled", first.domain());
        assertEquals(cookie, first.cookie());
        assertEquals(1, first.openSections());
        assertTrue(first.ageNanos() >= 20_000_000, first.describe());
        for (int i = 1; i < 3; i++) { // a slow listener is left out of a report, so numbers may be missing
            assertTrue(stalls.get(i).report() > stalls.get(i - 1).report());
            assertTrue(stalls.get(i).ageNanos() > stalls.get(i - 1).ageNanos());
        }
        assertTrue(
                first.describe().contains("read of 4096 bytes at 0 in root 'disk', node 'file' on io0, for 25 ms"),
                first.describe());
    }

    @Test
    void aWaiterThatGaveUpLeavesTheReportToTheDriver() {
        watch();
        long token = domain.downRead();
        TimeoutException missed = assertThrows(TimeoutException.class, () -> domain.synchronize(Duration.ofMillis(1)));
        assertTrue(missed.getMessage().contains("1 read sections are open"), missed.getMessage());
        Waits.until("two reports", () -> stalls.size() >= 2);
        domain.upRead(token);
        domain.synchronize();
    }

    @Test
    void aThreadInsideALexicalSectionIsNamed() throws Exception {
        watch();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Waits.Started<Boolean> reader = Waits.onThread(() -> {
            try (ReadSection section = domain.read()) {
                entered.countDown();
                Waits.await(leave);
                return section.isOpen();
            }
        });
        Waits.await(entered);
        domain.startPoll();
        Waits.until("a report", () -> !stalls.isEmpty());
        leave.countDown();
        assertTrue(Waits.get(reader.task()));
        String report = stalls.get(0).describe();
        assertTrue(report.contains("ReadSection, now in domain stalled"), report);
        assertTrue(
                stalls.get(0).holders().get(0).site().stream()
                        .anyMatch(frame -> frame.getClassName().contains("Waits")),
                () -> "its stack: " + stalls.get(0).holders());
        assertTrue(report.contains("on control"), report);
    }

    @Test
    void whatFailsInASourceOrAListenerStopsNoReport() {
        domain.onStall(stall -> {
            throw new IllegalStateException("a listener fails, as this test wants");
        });
        watch();
        domain.sectionHolders(() -> {
            throw new IllegalStateException("a source fails, as this test wants");
        });
        long token = domain.downRead();
        domain.startPoll();
        Waits.until("two reports", () -> stalls.size() >= 2);
        domain.upRead(token);
        assertThrows(IllegalArgumentException.class, () -> domain.stallThreshold(Duration.ZERO));
    }

    @Test
    void whatHangsOrReturnsNothingKeepsNoReportFromTheOthers() {
        CountDownLatch hung = new CountDownLatch(1);
        domain.onStall(stall -> Waits.await(hung));
        domain.sectionHolders(() -> null);
        domain.sectionHolders(() -> {
            Waits.await(hung);
            return List.of();
        });
        watch();
        long token = domain.downRead();
        domain.startPoll();
        Waits.until("two reports", () -> stalls.size() >= 2);
        domain.upRead(token);
        hung.countDown();
        domain.synchronize();
    }

    @Test
    void readersThatHoldEveryCarrierAreReported() throws Exception {
        watch();
        AtomicBoolean leave = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            readers.add(Thread.startVirtualThread(() -> {
                long token = domain.downRead();
                while (!leave.get()) {
                    Thread.onSpinWait();
                }
                domain.upRead(token);
            }));
        }
        Waits.until("a reader is inside", () -> domain.openSections() > 0);
        domain.startPoll();
        Waits.until("a report", () -> !stalls.isEmpty());
        leave.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        domain.synchronize();
    }

    @Test
    void theNextStallIsReportedAfterOneThresholdAgain() {
        StallDetector detector = new StallDetector("d", new SlotTable(), List::of);
        long second = Duration.ofSeconds(1).toNanos();
        detector.threshold(Duration.ofSeconds(1));
        detector.addListener(stalls::add);
        detector.held(2, System.nanoTime() - 1000 * second, cookie -> false);
        Waits.until("a report of an old one", () -> stalls.size() == 1);
        Waits.until("a report of the next", () -> {
            detector.held(4, System.nanoTime() - 2 * second, cookie -> false);
            return stalls.size() > 1;
        });
        assertEquals(4, stalls.get(1).cookie());
        detector.held(6, System.nanoTime() - 2 * second, cookie -> true);
        assertEquals(2, stalls.size(), "what has ended is no stall");
    }

    @Test
    void aThresholdThatIsNoneIsRefused() {
        assertEquals(5000, StallDetector.defaultMillis("5000"));
        for (String wrong : new String[] {"abc", "0", "-5", "", "99999999999999999"}) {
            assertEquals(-1, StallDetector.defaultMillis(wrong), wrong);
        }
    }

    @Test
    void tokensThatEndedTwiceAreTold() {
        SlotTable slots = new SlotTable();
        slots.lock(0, 1);
        slots.unlock(1, 1);
        assertFalse(slots.endedTwice());
        slots.unlock(1, 1);
        assertTrue(slots.endedTwice());
    }

    @Test
    void aShortGracePeriodIsNoStall() {
        domain.onStall(stalls::add);
        long token = domain.downRead();
        long cookie = domain.startPoll();
        domain.upRead(token);
        Waits.until("the grace period ends", () -> domain.poll(cookie));
        domain.synchronize();
        assertEquals(List.of(), stalls);
    }

    @Test
    void flightRecorderSeesGracePeriodsAndStalls() throws Exception {
        watch();
        List<RecordedEvent> events = new CopyOnWriteArrayList<>();
        try (RecordingStream recording = new RecordingStream()) {
            recording.setReuse(false);
            for (String name :
                    new String[] {"rcublk.GracePeriod", "rcublk.GracePeriodStall", "rcublk.StalledSection"}) {
                recording.enable(name);
                recording.onEvent(name, events::add);
            }
            domain.sectionHolders(() -> List.of(new SectionHolder("io7", "root 'disk'", "write", 1, CallSite.here())));
            recording.startAsync();
            long token = domain.downRead();
            long cookie = domain.startPoll();
            Waits.until("a report", () -> !stalls.isEmpty());
            domain.upRead(token);
            Waits.until("the grace period ends", () -> domain.poll(cookie));
            recording.stop();
        }
        RecordedEvent period = only(events, "rcublk.GracePeriod");
        assertEquals("stalled", period.getString("domain"));
        assertTrue(period.getDuration().compareTo(Duration.ofMillis(20)) >= 0, period.toString());
        assertEquals(1, only(events, "rcublk.GracePeriodStall").getInt("holders"));
        RecordedEvent section = only(events, "rcublk.StalledSection");
        assertEquals("io7", section.getString("threadName"));
        assertTrue(section.getString("site").contains("StallDetectorTest"), section.toString());
    }

    private RecordedEvent only(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(e -> e.getEventType().getName().equals(name) && "stalled".equals(e.getString("domain")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing in " + events));
    }
}
