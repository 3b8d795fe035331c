// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However much is published, the history takes no more than its limit, and what is left can be read. */
@Timeout(240)
class BoundedDiskTest {
    private static final long LIMIT = HistoryLimits.LEAST_TOTAL;

    @TempDir
    private Path state;

    @Test
    void oldFilesAreDeletedAndTheRestIsReadable() throws IOException {
        LiveDisk disk = LiveDisk.small();
        for (int i = 0; i < 100; i++) {
            disk.add("node-with-a-longer-name-" + i);
        }
        RunFiles files = new RunFiles(state);
        HistoryReader reader;
        try (HistoryWriter history = disk.record(state, HistoryLimits.ofTotal(LIMIT))) {
            reader = new HistoryReader(state);
            int first = disk.published.size();
            while (reader.list(Integer.MAX_VALUE).getFirst().record() == 0) {
                disk.churn("disk", 25);
                Waiting.until("written", () -> history.written() == 1 + disk.published.size() - first);
                assertTrue(files.totalBytes() <= LIMIT, "takes " + files.totalBytes());
            }
            for (int round = 0; round < 10; round++) {
                disk.churn("disk", 25);
                Waiting.until("written", () -> history.written() == 1 + disk.published.size() - first);
                assertTrue(files.totalBytes() <= LIMIT, "takes " + files.totalBytes());
            }
            assertNothingIsHeldOpen();
        }
        assertTrue(files.files(1).size() > 2);
        List<HistoryEntry> entries = reader.list(Integer.MAX_VALUE);
        assertNotEquals(0, entries.getFirst().record());
        for (HistoryEntry entry : List.of(entries.getFirst(), entries.get(entries.size() / 2))) {
            assertEquals(
                    LiveDisk.view(disk.published.stream()
                            .filter(p -> p.version() == entry.version())
                            .findFirst()
                            .orElseThrow()),
                    reader.find(new VersionAddress(1, entry.version())).graph());
        }
        assertEquals(List.of(), reader.damage());
    }

    /** A deleted file that is still mapped takes disk without being seen. */
    private static void assertNothingIsHeldOpen() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (Files.exists(maps)) {
            try (Stream<String> lines = Files.lines(maps)) {
                assertEquals(
                        List.of(),
                        lines.filter(l -> l.contains(".cq4 (deleted)")).toList());
            }
        }
    }

    @Test
    void runsOfThePastAreDeletedWhole() throws IOException {
        RunFiles files = new RunFiles(state);
        for (int run = 1; run <= 8; run++) {
            LiveDisk disk = LiveDisk.small();
            try (HistoryWriter history = disk.record(state, HistoryLimits.ofTotal(LIMIT))) {
                disk.churn("disk", 2);
                assertEquals(0, history.missing());
            }
            assertTrue(files.totalBytes() <= LIMIT, "takes " + files.totalBytes());
        }
        List<Integer> runs = files.runs();
        assertTrue(runs.size() >= 2 && runs.getFirst() > 1, runs.toString());
        assertEquals(8, runs.getLast());
        for (int run : runs) {
            assertEquals(
                    1,
                    new HistoryReader(state)
                            .find(new VersionAddress(run, -1))
                            .graph()
                            .nodes()
                            .size());
        }
    }
}
