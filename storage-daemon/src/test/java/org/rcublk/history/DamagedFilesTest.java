// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage is told in lines; what is read nevertheless is true. */
@Timeout(240)
class DamagedFilesTest {
    private static final int ROUNDS = 400;

    @TempDir
    private Path state;

    private final LiveDisk disk = LiveDisk.small();
    private final Map<Long, HistoryEntry> truth = new HashMap<>();
    private List<Path> files = List.of();

    @BeforeEach
    void writes() throws IOException {
        try (HistoryWriter history = disk.record(state, LiveDisk.SMALL_FILES)) {
            for (int i = 0; i < 40; i++) {
                disk.add("n" + i);
            }
            disk.churn("disk", 12);
            assertEquals(0, history.missing());
        }
        files = new RunFiles(state).files(1);
        assertTrue(files.size() > 2);
        new HistoryReader(state).list(Integer.MAX_VALUE).forEach(e -> truth.put(e.record(), e));
    }

    /** Reads all, and checks that it is true; the lines of damage. */
    private List<String> readAll(String what) {
        return assertTimeout(Duration.ofSeconds(20), () -> {
            HistoryReader reader = new HistoryReader(state);
            for (HistoryEntry entry : reader.list(Integer.MAX_VALUE)) {
                assertEquals(truth.get(entry.record()), entry, what);
            }
            List<String> damage = reader.damage();
            damage.forEach(line -> assertEquals(1, line.lines().count(), line));
            try {
                HistoryReader.Found found = reader.find(new VersionAddress(1, -1));
                long version = found.entry().version();
                disk.published.stream()
                        .filter(p -> p.version() == version)
                        .forEach(p -> assertEquals(LiveDisk.view(p), found.graph(), what));
            } catch (HistoryException e) {
                assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
            }
            return damage;
        });
    }

    @Test
    void flippedAndTruncatedFilesNeverLie() throws IOException {
        int told = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            Path file = files.get(random.nextInt(files.size()));
            byte[] good = Files.readAllBytes(file);
            Files.write(file, damaged(good, random));
            told += readAll("seed " + seed).isEmpty() ? 0 : 1;
            Files.write(file, good);
        }
        assertTrue(told > ROUNDS / 4, "damage was told " + told + " times");
        assertEquals(List.of(), readAll("whole again"));
    }

    /** Most of a file is holes, so damage is where something is. */
    private static byte[] damaged(byte[] good, Random random) {
        int used = good.length;
        while (used > 0 && good[used - 1] == 0) {
            used--;
        }
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(good, random.nextInt(used));
        }
        byte[] bad = good.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            bad[random.nextInt(used)] ^= (byte) (1 << random.nextInt(8));
        }
        return bad;
    }

    @Test
    void aLostFileInTheMiddleIsToldAndTheRestIsRead() throws IOException {
        Files.delete(files.get(1));
        List<String> damage = readAll("lost");
        assertEquals(1, damage.stream().distinct().count(), damage.toString());
        assertTrue(damage.getFirst().contains("has no records"), damage.toString());
        HistoryReader reader = new HistoryReader(state);
        assertEquals(truth.size() - 1, reader.list(1).getFirst().record());
    }

    @Test
    void anotherFormatIsNamed() throws IOException {
        byte[] frame = Frame.cut(0, new byte[10])[0];
        frame[27] = 2;
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(frame, 8, frame.length - 8);
        java.nio.ByteBuffer.wrap(frame).putInt(4, (int) crc.getValue());
        byte[] file = new byte[frame.length + 8];
        java.nio.ByteBuffer.wrap(file)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(frame.length)
                .put(frame);
        Files.write(files.getLast(), file);
        String line = readAll("format").getFirst();
        assertTrue(line.contains("format 2") && line.contains(files.getLast().toString()), line);
    }

    @Test
    void whatIsNoFileOfRecordsIsNoMatter() throws IOException {
        Files.writeString(files.getFirst().resolveSibling("notes.txt"), "x");
        Files.createDirectories(state.resolve("history/run-000000x"));
        Files.write(files.getFirst().resolveSibling("metadata.cq4t"), new byte[3]);
        assertEquals(List.of(), readAll("others"));
        Files.createFile(files.getFirst().resolveSibling("29991231-0000.cq4"));
        assertEquals(List.of(), readAll("empty"));
    }

    @Test
    void aDamagedRunDoesNotKeepTheNextFromStarting() throws IOException {
        for (Path file : files) {
            Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7});
        }
        Files.write(files.getFirst().resolveSibling("metadata.cq4t"), new byte[] {9, 9, 9, 9, 9});
        LiveDisk next = new LiveDisk();
        try (HistoryWriter history = next.record(state, HistoryLimits.DEFAULT)) {
            next.add("disk");
            assertEquals(0, history.missing());
        }
        HistoryReader reader = new HistoryReader(state);
        assertEquals(
                "disk",
                reader.find(new VersionAddress(0, -1))
                        .graph()
                        .nodes()
                        .getFirst()
                        .name());
        assertFalse(reader.list(99).isEmpty());
        assertFalse(reader.damage().isEmpty());
    }
}
