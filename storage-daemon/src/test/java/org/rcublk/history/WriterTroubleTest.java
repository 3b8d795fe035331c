// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.history.HistoryEntry.Kind;

/** A disk that hangs, is full, or fails: the publisher does not notice, and the history says what it lacks. */
@Timeout(120)
class WriterTroubleTest {
    private final TroubledLog log = new TroubledLog();

    /** A log in memory with trouble on demand. */
    private static final class TroubledLog implements RecordLog {
        final List<HistoryEntry> entries = Collections.synchronizedList(new ArrayList<>());
        volatile CountDownLatch hang = new CountDownLatch(0);
        volatile boolean full;
        volatile boolean broken;
        volatile boolean closed;

        @Override
        public int run() {
            return 1;
        }

        @Override
        public boolean atFileStart() {
            return entries.isEmpty();
        }

        @Override
        public void append(long record, byte[] bytes) throws IOException {
            try {
                hang.await();
                if (full) {
                    throw new HistoryException("no room");
                }
                if (broken) {
                    throw new InternalError("a fault occurred in an unsafe memory access operation");
                }
                HistoryEntry entry = StoredRecord.decode(bytes).entry();
                assertEquals(record, entry.record());
                entries.add(entry);
            } catch (InterruptedException | DamageException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void force() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private HistoryWriter record(LiveDisk disk) throws HistoryException {
        return HistoryWriter.open(HistoryLimits.DEFAULT, disk.live, graph -> node -> -1, () -> log);
    }

    /** Versions and gaps leave no version out. */
    private void assertAccounted(LiveDisk disk, long from) {
        long expected = from;
        for (HistoryEntry entry : log.entries) {
            if (entry.kind() != Kind.START && entry.kind() != Kind.END) {
                expected += 1 + entry.missing();
                assertEquals(expected, entry.version(), entry.toString());
            }
        }
        assertEquals(disk.live.current().number(), expected);
    }

    @Test
    void aDiskThatHangsHoldsNoPublisherUp() throws IOException {
        LiveDisk disk = LiveDisk.small();
        long from = disk.live.current().number();
        HistoryWriter history = record(disk);
        log.hang = new CountDownLatch(1);
        disk.churn("disk", 700); // 2800 publications, more than the hand-over takes; it would never return
        assertEquals(1, history.written());
        log.hang.countDown();
        Waiting.until(
                "the version in service is written",
                () -> !log.entries.isEmpty()
                        && log.entries.getLast().version()
                                == disk.live.current().number());
        history.close();
        assertNotEquals(0, history.missing());
        assertEquals(
                history.missing(),
                log.entries.stream().mapToLong(HistoryEntry::missing).sum());
        assertAccounted(disk, from);
        assertTrue(log.closed);
    }

    @Test
    void aFullDiskLeavesAGapThatIsTold() throws IOException {
        LiveDisk disk = LiveDisk.small();
        long from = disk.live.current().number();
        try (HistoryWriter history = record(disk)) {
            disk.churn("disk", 1);
            Waiting.until("written", () -> history.written() == 1 + disk.published.size() - from);
            long before = history.written();
            log.full = true;
            disk.churn("disk", 2);
            log.full = false;
            disk.churn("disk", 1);
            Waiting.until("goes on", () -> history.written() > before);
        }
        assertAccounted(disk, from);
    }

    @Test
    void aBrokenQueueEndsTheHistoryAndNothingElse() throws IOException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = record(disk)) {
            log.broken = true;
            disk.churn("disk", 1);
            Waiting.until("it is closed", () -> log.closed);
            disk.churn("disk", 1000); // nobody takes these any more
            assertEquals(1, history.written());
        }
    }
}
