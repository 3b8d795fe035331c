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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.history.HistoryEntry.Kind;

/** A writer that is killed in the middle of a burst leaves a history without holes, and the next one goes on. */
@Timeout(180)
class CrashTest {
    private static final int RUNS = 3;
    private static final int RECORDS = 300;

    @TempDir
    private Path folder;

    /** Publishes until it is killed. */
    static final class Publisher {
        private Publisher() {}

        public static void main(String[] args) throws IOException {
            LiveDisk disk = LiveDisk.small();
            for (int i = 0; i < 200; i++) {
                disk.add("n" + i);
            }
            HistoryWriter history = disk.record(Path.of(args[0]), LiveDisk.SMALL_FILES);
            while (history.written() >= 0) {
                disk.published.clear();
                // As fast as it is written, so that there is no gap.
                long before = history.written();
                disk.churn("disk", 20);
                Waiting.until("written", () -> history.written() >= before + 80 || history.missing() > 0);
            }
        }
    }

    @Test
    void theLastCompleteVersionIsReadable() throws IOException, InterruptedException {
        Path state = folder.resolve("state");
        for (int run = 1; run <= RUNS; run++) {
            try (ChildJvm child = new ChildJvm(folder, ChildJvm.FLAGS, Publisher.class.getName(), state.toString())) {
                int number = run;
                Waiting.until("run " + run + " has its records", () -> {
                    assertTrue(child.isAlive());
                    return records(state, number) >= RECORDS;
                });
                child.kill();
            }
            assertWithoutHoles(state, run);
        }
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(state, LiveDisk.SMALL_FILES)) {
            assertEquals(0, history.missing());
        }
        assertEquals(RUNS + 1, new HistoryReader(state).list(1).getFirst().run());
    }

    private static int records(Path state, int run) {
        try {
            if (!Files.isDirectory(new RunFiles(state).run(run))) {
                return 0;
            }
            return (int) new HistoryReader(state)
                    .list(Integer.MAX_VALUE).stream()
                            .filter(e -> e.run() == run)
                            .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertWithoutHoles(Path state, int run) throws IOException {
        HistoryReader reader = new HistoryReader(state);
        List<HistoryEntry> entries = reader.list(Integer.MAX_VALUE).stream()
                .filter(e -> e.run() == run)
                .toList();
        assertEquals(List.of(), reader.damage());
        assertEquals(Kind.START, entries.getFirst().kind());
        for (int i = 0; i < entries.size(); i++) {
            assertEquals(i, entries.get(i).record());
            assertEquals(entries.getFirst().version() + i, entries.get(i).version());
            assertNotEquals(Kind.END, entries.get(i).kind());
        }
        HistoryReader.Found last = reader.find(new VersionAddress(run, -1));
        assertEquals(entries.getLast(), last.entry());
        assertTrue(last.graph().nodes().size() >= 201);
        assertEquals(entries.getLast().version(), last.graph().version());
    }
}
