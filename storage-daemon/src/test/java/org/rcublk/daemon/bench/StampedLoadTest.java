// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.io.QueueMapping;

/** Verified loads, and that verification sees what is wrong. */
@Timeout(120)
class StampedLoadTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 256;
    private static final int JOBS = 3;
    private static final int DEPTH = 8;

    @TempDir
    Path folder;

    private final StampedDisk disk = new StampedDisk(new Stamps(42), BLOCK, 0, BLOCKS, 0);
    private final List<StampedSource> sources = IntStream.range(0, JOBS)
            .mapToObj(job -> new StampedSource(disk, job, JOBS, DEPTH, 50))
            .toList();

    private static LoadSpec spec(long millis) {
        return new LoadSpec(BLOCK, DEPTH, Duration.ZERO, Duration.ofMillis(millis));
    }

    private Rig rig(Target target) {
        return Rig.open(Designs.rcu(), target, QueueMapping.perQueue(), JOBS, 2);
    }

    private static LoadResult run(Rig rig, List<? extends Source> sources, @Nullable GraphChanger changer) {
        return LoadGenerator.run(rig, spec(300), sources, changer, Progress.SILENT);
    }

    private LoadResult readBack(Rig rig) {
        List<Source> checks = sources.stream().map(StampedSource::readBack).toList();
        return LoadGenerator.run(rig, spec(60_000), checks, null, Progress.SILENT);
    }

    @Test
    void dataAreRightWhileTheGraphChanges() {
        try (Rig rig = rig(Target.ofMemory(BLOCKS * BLOCK))) {
            try (GraphChanger changer = new GraphChanger(rig, 500)) {
                changer.start();
                LoadResult result = run(rig, sources, changer);
                assertNull(result.problem());
                assertTrue(result.reads() > 0 && result.writes() > 0);
                assertTrue(result.changes().changes() > 0);
            }
            LoadResult result = readBack(rig);
            assertNull(result.problem());
            assertEquals(BLOCKS, result.completed());
            assertTrue(rig.device().queues().isEmpty());
        }
    }

    @Test
    void aCorruptedBlockIsFound() throws IOException {
        Path file = folder.resolve("disk.img");
        BenchFile.prepare(file, BLOCKS * BLOCK, true, false);
        zero(file);
        try (Rig rig = rig(Target.ofFile(file, true))) {
            assertNull(run(rig, sources, null).problem());
            assertNull(readBack(rig).problem());
            flipOneBit(file, 77L * BLOCK + 400);
            LoadResult result = readBack(rig);
            assertEquals(1, result.mismatches());
            assertFalse(result.ok());
            String problem = result.problem();
            assertNotNull(problem);
            assertTrue(problem.contains("block 77 "), problem);
        }
    }

    private static void zero(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BLOCKS * BLOCK), 0);
        }
    }

    private static void flipOneBit(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
        }
    }

    @Test
    void aRequestThatFailsIsCountedAndFailsTheRun() {
        try (Rig rig = rig(Target.ofMemory(BLOCKS * BLOCK / 2))) { // half of the disk is missing
            LoadResult result = run(rig, sources, null);
            assertTrue(result.errors() > 0);
            assertFalse(result.ok());
            assertEquals(result.submitted(), result.completed());
        }
    }

    @Test
    void requestsThatHangAreReportedAndDoNotHoldTheEndUp() {
        long hour = Duration.ofHours(1).toNanos();
        try (Rig rig = rig(Target.ofNull(BLOCKS * BLOCK, hour))) {
            LoadResult result = LoadGenerator.run(rig, spec(50), sources, null, Progress.SILENT, Duration.ofMillis(50));
            assertEquals(JOBS * DEPTH, result.submitted());
            assertEquals(0, result.completed());
            String problem = result.problem();
            assertNotNull(problem);
            assertTrue(problem.contains("never completed"), problem);
        }
    }

    @Test
    void aChangeThatIsRefusedIsCountedAndFailsTheRun() {
        try (Rig rig = rig(Target.ofMemory(BLOCKS * BLOCK));
                GraphChanger changer = new GraphChanger(rig, 1)) {
            assertFalse(changer.apply(new org.rcublk.graph.DropFilter("none")));
            LoadResult result = run(rig, sources, changer);
            assertEquals(1, result.changes().failed());
            assertFalse(result.ok());
        }
    }

    @Test
    void stampsTellBlocksAndGenerationsApart() {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        Stamps stamps = new Stamps(1);
        stamps.fill(buffer, 0, BLOCK, 5, 2);
        assertTrue(stamps.matches(buffer, 0, BLOCK, 5, 2));
        assertFalse(stamps.matches(buffer, 0, BLOCK, 5, 1));
        assertFalse(stamps.matches(buffer, 0, BLOCK, 6, 2));
        assertFalse(new Stamps(2).matches(buffer, 0, BLOCK, 5, 2));
        assertFalse(Stamps.zero(buffer, 0, BLOCK));
        for (int at = 0; at < BLOCK; at++) {
            buffer.put(at, (byte) ~buffer.get(at));
            assertFalse(stamps.matches(buffer, 0, BLOCK, 5, 2), "byte " + at);
            buffer.put(at, (byte) ~buffer.get(at));
        }
    }
}
