// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.driver.testkit.RandomIo;
import org.rcublk.driver.testkit.SlowBlocks;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockNode;

/** Random requests on several queues and IOThreads against a model. Repeat a failure with {@code -Drcublk.seed=}. */
class RandomIoTest {
    private static final int SIZE = (1 << 20) + 777;
    private static final int CLIENTS = 4;
    private static final int REQUESTS = 300;
    private static final long SEED = Long.getLong("rcublk.seed", System.nanoTime());

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void printSeed() {
        System.out.println("RandomIoTest: seed " + SEED);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("disk.img"), content);
    }

    private static void check(TestDisk disk, byte[] model, boolean discardZeroes) {
        new RandomIo(model, discardZeroes, SEED).run(disk, CLIENTS, 2, REQUESTS);
    }

    @Test
    void memory() {
        try (TestDisk disk = TestDisk.of(2, Map.of("driver", "memory", "size", SIZE))) {
            check(disk, new byte[SIZE], true);
        }
    }

    /** A driver that refuses what is not aligned, or too long. */
    @ParameterizedTest
    @CsvSource({"512, 0", "4096, 8192", "64k, 64k", "1, 1000"})
    void memoryWithLimits(String alignment, String maxTransfer) {
        Map<String, Object> options =
                Map.of("driver", "memory", "size", SIZE, "x-alignment", alignment, "x-max-transfer", maxTransfer);
        try (TestDisk disk = TestDisk.of(2, options)) {
            check(disk, new byte[SIZE], true);
        }
    }

    /** Blocks that take their time: a neighbour's write comes between the read and the write of a block, if it can. */
    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 1 << 16})
    void slowBlocks(int block) {
        try (TestDisk disk = TestDisk.empty(2)) {
            disk.add(BlockNode.of("n0", "slow-blocks", new SlowBlocks(SIZE, block, SEED, 50_000)));
            disk.attach("n0", true);
            check(disk, new byte[SIZE], false);
        }
    }

    /** Copies are whole clusters, which the lower node does not take as they are. */
    @Test
    void overlayOverMemoryWithLimits() {
        Map<String, Object> base = Map.of(
                "driver", "memory", "size", SIZE, "node-name", "base", "x-alignment", "4k", "x-max-transfer", "4k");
        try (TestDisk disk = TestDisk.of(2, base)) {
            byte[] model = RandomIo.randomBytes(random, SIZE);
            assertEquals(0, disk.client(0).write(0, model));
            disk.add(Map.of("driver", "overlay", "node-name", "top", "cluster-size", 512));
            disk.commit(new AppendOverlay("base", "top"));
            check(disk, model, true);
        }
    }

    @Test
    void rawWindowOfMemoryWithLimits() {
        Map<String, Object> options = Map.of(
                "driver",
                "raw",
                "offset",
                1001,
                "file",
                Map.of("driver", "memory", "size", SIZE + 1001, "x-alignment", 512, "x-max-transfer", "16k"));
        try (TestDisk disk = TestDisk.of(2, options)) {
            check(disk, new byte[SIZE], true);
        }
    }

    @Test
    void fileThatUnmaps() throws IOException {
        byte[] model = RandomIo.randomBytes(random, SIZE);
        Path path = file(model);
        try (TestDisk disk =
                TestDisk.of(2, Map.of("driver", "file", "filename", path.toString(), "discard", "unmap"))) {
            check(disk, model, Files.getFileStore(path).type().matches("ext4|xfs|tmpfs|btrfs"));
        }
        assertArrayEquals(model, Files.readAllBytes(path));
    }

    @Test
    void rawWindowOfFile() throws IOException {
        byte[] content = RandomIo.randomBytes(random, SIZE + 5000);
        Path path = file(content);
        byte[] model = Arrays.copyOfRange(content, 1001, 1001 + SIZE);
        Map<String, Object> options = Map.of(
                "driver", "raw", "offset", 1001, "size", SIZE, "file.driver", "file", "file.filename", path.toString());
        try (TestDisk disk = TestDisk.of(2, options)) {
            check(disk, model, false);
        }
        System.arraycopy(model, 0, content, 1001, SIZE);
        assertArrayEquals(content, Files.readAllBytes(path), "what is outside of the window must not change");
    }

    @Test
    void passthroughChain() {
        Map<String, Object> options = Map.of(
                "driver",
                "passthrough",
                "file",
                Map.of(
                        "driver",
                        "passthrough",
                        "file.driver",
                        "raw",
                        "file.file.driver",
                        "memory",
                        "file.file.size",
                        SIZE));
        try (TestDisk disk = TestDisk.of(2, options)) {
            check(disk, new byte[SIZE], true);
        }
    }

    @Test
    void overlayWithoutBacking() {
        try (TestDisk disk = TestDisk.of(2, Map.of("driver", "overlay", "size", SIZE, "cluster-size", "4k"))) {
            check(disk, new byte[SIZE], true);
        }
    }

    @Test
    void overlayAppendedOnMemory() {
        try (TestDisk disk = TestDisk.of(2, Map.of("driver", "memory", "size", SIZE, "node-name", "base"))) {
            byte[] model = RandomIo.randomBytes(random, SIZE);
            assertEquals(0, disk.client(0).write(0, model));
            disk.add(Map.of("driver", "overlay", "node-name", "top", "x-copy-delay-ns", 20_000));
            disk.commit(new AppendOverlay("base", "top"));
            check(disk, model, true);
        }
    }

    @Test
    void overlayLargerThanItsBackingFileWhichStaysAsItWas() throws IOException {
        byte[] content = RandomIo.randomBytes(random, SIZE / 2 + 99);
        Path path = file(content);
        Map<String, Object> options = Map.of(
                "driver",
                "overlay",
                "size",
                SIZE,
                "cluster-size",
                8192,
                "backing",
                Map.of(
                        "driver",
                        "overlay",
                        "cluster-size",
                        512,
                        "backing.driver",
                        "file",
                        "backing.filename",
                        path.toString()));
        try (TestDisk disk = TestDisk.of(2, options)) {
            check(disk, Arrays.copyOf(content, SIZE), true);
        }
        assertArrayEquals(content, Files.readAllBytes(path));
    }

    @Test
    void threeOverlaysOnFile() throws IOException {
        byte[] model = RandomIo.randomBytes(random, SIZE);
        Path path = file(model.clone());
        try (TestDisk disk = TestDisk.of(2, Map.of("driver", "file", "filename", path.toString(), "node-name", "n0"))) {
            for (int i = 1; i <= 3; i++) {
                check(disk, model, i > 1);
                disk.add(Map.of("driver", "overlay", "node-name", "n" + i, "cluster-size", 1024 << i));
                disk.commit(new AppendOverlay("n" + (i - 1), "n" + i));
            }
            check(disk, model, true);
        }
    }
}
