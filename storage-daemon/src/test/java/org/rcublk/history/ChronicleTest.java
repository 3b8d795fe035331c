// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of Chronicle Queue beside its work: no threads, no reports over the network, no noise, clear errors. */
@Timeout(120)
class ChronicleTest {
    @TempDir
    private Path folder;

    /** Writes a history, and prints the threads that came with it. */
    static final class Threads {
        private Threads() {}

        public static void main(String[] args) throws IOException {
            LiveDisk disk = LiveDisk.small();
            disk.churn("disk", 1);
            Set<String> before = names();
            try (HistoryWriter history = disk.record(Path.of(args[0]), LiveDisk.SMALL_FILES)) {
                disk.churn("disk", 100);
                Waiting.until("written", () -> history.written() > 400);
                Set<String> after = names();
                after.removeAll(before);
                System.out.println(after);
            } catch (HistoryException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        private static Set<String> names() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    // The runtime's own, which come with process handles, cleaners and virtual threads.
                    .filter(name -> !Set.of("process reaper", "Common-Cleaner", "Cleaner-0")
                            .contains(name))
                    .filter(name -> !name.startsWith("ForkJoinPool-"))
                    .collect(Collectors.toSet());
        }
    }

    private String child(List<String> flags) throws IOException, InterruptedException {
        try (ChildJvm child = new ChildJvm(
                folder, flags, Threads.class.getName(), folder.resolve("state").toString())) {
            assertEquals(0, child.exitStatus(), child.output());
            return child.output();
        }
    }

    @Test
    void bringsOneThreadAndPrintsNothing() throws IOException, InterruptedException {
        assertEquals("[rcublk-history]\n", child(ChildJvm.FLAGS));
    }

    @Test
    void withoutAFlagItIsRefusedInOneLine() throws IOException, InterruptedException {
        for (String flag : ChildJvm.FLAGS.subList(1, ChildJvm.FLAGS.size())) {
            String output =
                    child(ChildJvm.FLAGS.stream().filter(f -> !f.equals(flag)).toList());
            assertTrue(output.startsWith("refused: ") && output.contains("--state"), output);
            assertEquals(1, output.lines().count(), output);
        }
    }

    @Test
    void whatReportsUsageIsNotThere() {
        for (String name : List.of(
                "net.openhft.chronicle.analytics.Analytics", "net.openhft.chronicle.analytics.AnalyticsFacade")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
        }
    }

    @Test
    void chroniclesOwnTailerReadsTheSame() throws IOException, DamageException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(folder, LiveDisk.SMALL_FILES)) {
            disk.churn("disk", 50);
            assertEquals(0, history.missing());
        }
        List<Long> records = new ArrayList<>();
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.single(
                                new RunFiles(folder).run(1).toFile())
                        .rollCycle(LegacyRollCycles.MINUTELY)
                        .readOnly(true)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            Bytes<?> bytes = Bytes.allocateElasticOnHeap();
            while (tailer.readBytes(bytes)) {
                records.add(Frame.of(bytes.toByteArray()).record());
                bytes.clear();
            }
        }
        assertEquals(
                new HistoryReader(folder)
                        .list(Integer.MAX_VALUE).stream()
                                .map(HistoryEntry::record)
                                .toList(),
                records);
    }

    @Test
    void aSmallHistoryTakesLittleDisk() throws IOException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(folder.resolve("s"), HistoryLimits.DEFAULT)) {
            disk.churn("disk", 5);
            assertEquals(0, history.missing());
        }
        // By lengths; the files are sparse.
        assertTrue(new RunFiles(folder.resolve("s")).totalBytes() <= 256 << 10);
        assertTrue(Files.isRegularFile(folder.resolve("s/lock")));
    }
}
