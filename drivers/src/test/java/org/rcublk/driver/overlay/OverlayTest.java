// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.FaultyDriver;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.Request;

/** Copies on write: merged, awaited across IOThreads, failed and tried again; zeroes; sizes. */
class OverlayTest {
    private static final int CLUSTER = 4096;
    private static final int BLOCK = 512;
    private static final int SIZE = 8 * CLUSTER;

    private final Queue<Request> held = new ConcurrentLinkedQueue<>();

    /** Memory filled with ones, a filter that can fail, and the overlay; the disk is on top. */
    private static TestDisk disk(int ioThreads, Map<String, Object> more) {
        TestDisk disk = TestDisk.empty(ioThreads);
        disk.add(Map.of("driver", "memory", "size", SIZE, "node-name", "base"));
        disk.attach("base", true);
        assertEquals(0, disk.client(0).write(0, ones(SIZE)));
        disk.commit(new DetachRoot("disk"));
        disk.renewDevice();
        disk.add(BlockNode.filter("faulty", "faulty", new FaultyDriver(), "base"));
        Map<String, Object> options = new HashMap<>(more);
        options.putAll(Map.of("driver", "overlay", "node-name", "top", "cluster-size", CLUSTER, "backing", "faulty"));
        disk.add(options);
        disk.attach("top", true);
        return disk;
    }

    private static byte[] ones(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    private static byte[] block(int value) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.onSpinWait();
        }
    }

    private static OverlayDriver overlay(TestDisk disk) {
        return disk.state("top", OverlayDriver.class);
    }

    private void holdCopies(TestDisk disk) {
        overlay(disk).holdCopies(held::add);
    }

    @Test
    void aPartialWriteCopiesTheRestOfItsCluster() {
        try (TestDisk disk = disk(1, Map.of())) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(CLUSTER + 3, block(7)));
            byte[] expected = ones(SIZE);
            Arrays.fill(expected, CLUSTER + 3, CLUSTER + 3 + BLOCK, (byte) 7);
            assertArrayEquals(expected, client.read(0, SIZE));
            assertEquals(CLUSTER, overlay(disk).allocatedBytes());
            FaultyDriver below = disk.state("faulty", FaultyDriver.class);
            assertEquals(0, below.writes(), "nothing is written below an overlay");
        }
    }

    @Test
    void wholeClustersAreWrittenAndZeroedWithoutReading() {
        try (TestDisk disk = disk(1, Map.of())) {
            DiskClient client = disk.client(0);
            FaultyDriver below = disk.state("faulty", FaultyDriver.class);
            assertEquals(0, client.write(CLUSTER, new byte[2 * CLUSTER]));
            assertEquals(0, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_NO_FALLBACK, 3 * CLUSTER, 2 * CLUSTER));
            assertEquals(0, below.reads());
            assertArrayEquals(new byte[4 * CLUSTER], client.read(CLUSTER, 4 * CLUSTER));
            assertEquals(2 * CLUSTER, overlay(disk).allocatedBytes());
            assertEquals(0, client.call(BlockOp.DISCARD, 0, CLUSTER, 2 * CLUSTER));
            assertEquals(0, overlay(disk).allocatedBytes(), "zeroed clusters give their memory back");
        }
    }

    @Test
    void zeroesDoNotRevealTheBackingChild() {
        try (TestDisk disk = disk(1, Map.of())) {
            DiskClient client = disk.client(0);
            for (BlockOp op : List.of(BlockOp.WRITE_ZEROES, BlockOp.DISCARD)) {
                int at = op == BlockOp.DISCARD ? 4 * CLUSTER : 0;
                assertEquals(0, client.call(op, 0, at + 100, 2 * CLUSTER));
                byte[] expected = ones(4 * CLUSTER);
                Arrays.fill(expected, 100, 100 + 2 * CLUSTER, (byte) 0);
                assertArrayEquals(expected, client.read(at, 4 * CLUSTER));
                assertEquals(0, client.write(at + CLUSTER + 5, new byte[] {9}));
                expected[CLUSTER + 5] = 9; // the cluster was zero, not unallocated
                assertArrayEquals(expected, client.read(at, 4 * CLUSTER));
            }
            assertEquals(-Errno.ENOTSUP, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_NO_FALLBACK, 1, CLUSTER));
        }
    }

    @Test
    void pastTheEndOfTheBackingChildThereAreZeroes() {
        try (TestDisk disk = disk(1, Map.of("size", SIZE + 2 * CLUSTER + 100))) {
            DiskClient client = disk.client(0);
            byte[] expected = Arrays.copyOf(ones(SIZE), SIZE + 2 * CLUSTER + 100);
            assertArrayEquals(expected, client.read(0, expected.length));
            assertEquals(0, client.write(expected.length - 1, new byte[] {5}));
            expected[expected.length - 1] = 5;
            assertArrayEquals(expected, client.read(0, expected.length));
            assertEquals(-Errno.ENOSPC, client.write(expected.length, new byte[1]));
        }
    }

    @Test
    void readersDoNotWaitForACopyAndWritersDo() {
        try (TestDisk disk = disk(2, Map.of())) {
            holdCopies(disk);
            DiskClient first = disk.client(0);
            DiskClient second = disk.client(1);
            int owner = first.submitWrite(0, block(2));
            until("the copy is held", () -> held.size() == 1);
            int waiter = second.submitWrite(BLOCK, block(3));
            int zeroer = first.submit(BlockOp.WRITE_ZEROES, 0, 2 * BLOCK, BLOCK, null);
            assertArrayEquals(ones(CLUSTER), second.read(0, CLUSTER)); // after the write on the same queue was taken
            assertEquals(0, first.write(CLUSTER, ones(CLUSTER)), "other clusters are not held up");
            assertFalse(first.isDone(owner) || first.isDone(zeroer) || second.isDone(waiter));
            held.remove().resume();
            assertEquals(0, first.await(owner));
            assertEquals(0, first.await(zeroer));
            assertEquals(0, second.await(waiter));
            byte[] expected = ones(CLUSTER);
            Arrays.fill(expected, 0, BLOCK, (byte) 2);
            Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 3);
            Arrays.fill(expected, 2 * BLOCK, 3 * BLOCK, (byte) 0);
            assertArrayEquals(expected, second.read(0, CLUSTER));
            assertEquals(1, disk.state("faulty", FaultyDriver.class).copies(CLUSTER), "one copy for all");
        }
    }

    @Test
    void aHeldCopyHoldsUpAGraphChange() {
        try (TestDisk disk = disk(1, Map.of())) {
            holdCopies(disk);
            DiskClient client = disk.client(0);
            int owner = client.submitWrite(0, block(2));
            until("the copy is held", () -> held.size() == 1);
            assertThrows(DrainTimeoutException.class, () -> disk.live().drain(List.of("base"), Duration.ofMillis(50)));
            held.remove().resume();
            assertEquals(0, client.await(owner));
            disk.live().drain(List.of("base"), Duration.ofSeconds(20)).close();
        }
    }

    @Test
    void aFailedCopyFailsItsWriterAndLetsTheOthersTry() {
        try (TestDisk disk = disk(2, Map.of())) {
            FaultyDriver below = disk.state("faulty", FaultyDriver.class);
            DiskClient first = disk.client(0);
            DiskClient second = disk.client(1);
            below.holdReads(held::add);
            int owner = first.submitWrite(0, block(2));
            until("the read is held", () -> held.size() == 1);
            int waiter = second.submitWrite(BLOCK, block(3));
            int later = second.submitWrite(2 * BLOCK, block(4));
            assertEquals(0, second.write(CLUSTER, ones(CLUSTER))); // by now the queue's earlier writes wait
            below.holdReads(request -> false);
            below.failReads(1);
            held.remove().resume();
            assertEquals(-Errno.EIO, first.await(owner));
            assertEquals(0, second.await(waiter));
            assertEquals(0, second.await(later));
            byte[] expected = ones(CLUSTER);
            Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 3);
            Arrays.fill(expected, 2 * BLOCK, 3 * BLOCK, (byte) 4);
            assertArrayEquals(expected, first.read(0, CLUSTER), "the failed write left no trace");
            assertEquals(2 * CLUSTER, overlay(disk).allocatedBytes());
        }
    }

    @Test
    void aFailedReadFailsItsRequest() {
        try (TestDisk disk = disk(1, Map.of())) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(CLUSTER, ones(CLUSTER)));
            FaultyDriver below = disk.state("faulty", FaultyDriver.class);
            below.failReads(1);
            assertEquals(-Errno.EIO, client.read(0, new byte[CLUSTER]), "a forwarded read");
            below.failReads(1);
            assertEquals(-Errno.EIO, client.read(0, new byte[SIZE]), "a read in pieces");
            assertArrayEquals(ones(SIZE), client.read(0, SIZE));
        }
    }

    /** As many clusters as would overflow the stack if each child that returns at once re-entered the loop. */
    @Test
    void manyClustersInOneRequest() {
        try (TestDisk disk = TestDisk.of(
                1,
                Map.of("driver", "overlay", "cluster-size", 512, "backing.driver", "memory", "backing.size", "32M"))) {
            DiskClient client = disk.client(0);
            int clusters = 60_000;
            for (int i = 0; i < clusters; i += 2) {
                // Every other cluster: a read of all of it alternates between a child and memory.
                int slot = client.submitWrite(i * 512L, block(i));
                assertEquals(0, client.await(slot));
            }
            byte[] all = client.read(0, clusters * 512);
            for (int i = 0; i < clusters; i += 2) {
                assertEquals((byte) i, all[i * 512 + 511]);
                assertEquals(0, all[(i + 1) * 512]);
            }
        }
    }

    /** Every block of a cluster is written by one of two IOThreads, many clusters, with a delay between read and write. */
    @Test
    void concurrentWritersToOneClusterLoseNothing() throws Exception {
        for (long delay : new long[] {0, 1, 50_000}) {
            int rounds = delay > 1 ? 40 : 150;
            for (int round = 0; round < rounds; round++) {
                concurrentWriters(delay);
            }
        }
    }

    private static void concurrentWriters(long delay) throws Exception {
        try (TestDisk disk = disk(2, Map.of("x-copy-delay-ns", delay));
                ExecutorService executor = Executors.newFixedThreadPool(2)) {
            CountDownLatch start = new CountDownLatch(2);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int own = i;
                DiskClient client = disk.client(i);
                writers.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    List<Integer> slots = new ArrayList<>();
                    for (int block = own; block < SIZE / BLOCK; block += 2) {
                        slots.add(client.submitWrite((long) block * BLOCK, block(block + 2)));
                    }
                    slots.forEach(slot -> assertEquals(0, client.await(slot)));
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            byte[] all = disk.client(0).read(0, SIZE);
            for (int block = 0; block < SIZE / BLOCK; block++) {
                assertArrayEquals(block(block + 2), Arrays.copyOfRange(all, block * BLOCK, (block + 1) * BLOCK));
            }
            assertEquals(SIZE, overlay(disk).allocatedBytes());
        }
    }
}
