// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.rcublk.driver.memory.MemoryDriver;
import org.rcublk.driver.overlay.OverlayDriver;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.SlowWrites;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockNode;

/**
 * The snapshot hazard (H1): slow writes to a base are in flight on one queue while an overlay is laid over it and a second
 * queue writes other blocks of the same clusters. Without the gate a new write copies a cluster before the old write has
 * reached the base, and the old write, acknowledged later, is hidden by the copy.
 *
 * <p>Each block of the disk is written once in a run, with a value of its own, so at the end every block must have it. A
 * program of its own, because the fault that it must find is switched on for a whole JVM:
 * {@code -Drcublk.mutants=graph-no-gate}.
 */
final class SnapshotHazard implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int CLUSTER = 8 * BLOCK;
    private static final int BLOCKS = 24;
    private static final long SLOW_NANOS = 400_000;
    private static final long PATIENCE_SECONDS = 20;

    private final ExecutorService control = Executors.newSingleThreadExecutor();
    private final TestDisk disk = TestDisk.empty(2);

    /** What the runs came to. */
    record Tally(int runs, int runsThatLost, long parked, long copied) {}

    /** Arguments: seed, runs. Exit status: 0 if nothing was lost, 1 if blocks were, 2 if it did not get that far. */
    public static void main(String[] args) {
        int status = 2;
        try (SnapshotHazard hazard = new SnapshotHazard()) {
            Tally tally = hazard.run(Long.parseLong(args[0]), Integer.parseInt(args[1]));
            System.out.println(tally);
            status = tally.runsThatLost() > 0 ? 1 : 0;
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
        System.exit(status);
    }

    Tally run(long seed, int runs) throws Exception {
        int lost = 0;
        long parked = 0;
        long copied = 0;
        for (int i = 0; i < runs; i++) {
            Random random = new Random(seed + i);
            byte[] content = once(random);
            parked += disk.device().parkedTotal() > 0 ? 1 : 0;
            copied += disk.state("top", OverlayDriver.class).allocatedBytes() > 0 ? 1 : 0;
            lost += isWhole(content) ? 0 : 1;
            disk.clear();
        }
        return new Tally(runs, lost, parked, copied);
    }

    private static boolean isWhole(byte[] content) {
        for (int block = 0; block < BLOCKS; block++) {
            if (!Arrays.equals(content, block * BLOCK, (block + 1) * BLOCK, valueOf(block), 0, BLOCK)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] valueOf(int block) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) (block + 1));
        return bytes;
    }

    /** One run; what the disk reads as at its end. */
    private byte[] once(Random random) throws Exception {
        disk.add(
                BlockNode.of("base", "memory", new MemoryDriver(BLOCKS * BLOCK, false)),
                BlockNode.filter("slow", "slow-writes", new SlowWrites(random.nextLong(), SLOW_NANOS), "base"));
        disk.attach("slow", true);
        long copyDelay = random.nextInt(3) * 10_000L;
        disk.add(
                Map.of("driver", "overlay", "node-name", "top", "cluster-size", CLUSTER, "x-copy-delay-ns", copyDelay));

        List<Integer> blocks = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            blocks.add(block);
        }
        Collections.shuffle(blocks, random);
        int before = 1 + random.nextInt(4);
        DiskClient oldWrites = disk.client(0, BLOCKS);
        DiskClient newWrites = disk.client(1, BLOCKS);
        List<Integer> oldSlots = submit(oldWrites, blocks.subList(0, before));
        Future<?> snapshot = snapshot(random.nextInt(100_000));
        List<Integer> newSlots = new ArrayList<>();
        for (int block : blocks.subList(before, BLOCKS)) {
            newSlots.addAll(submit(newWrites, List.of(block)));
            spin(random.nextInt(40_000));
        }
        awaitAll(oldWrites, oldSlots);
        awaitAll(newWrites, newSlots);
        snapshot.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return newWrites.read(0, BLOCKS * BLOCK);
    }

    private Future<?> snapshot(int delayNanos) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Future<?> snapshot = control.submit(() -> {
            started.countDown();
            spin(delayNanos);
            disk.live().commit(new AppendOverlay("slow", "top"), Duration.ofSeconds(PATIENCE_SECONDS));
        });
        started.await();
        return snapshot;
    }

    private static List<Integer> submit(DiskClient client, List<Integer> blocks) {
        List<Integer> slots = new ArrayList<>();
        for (int block : blocks) {
            slots.add(client.submitWrite((long) block * BLOCK, valueOf(block)));
        }
        return slots;
    }

    private static void awaitAll(DiskClient client, List<Integer> slots) {
        for (int slot : slots) {
            int status = client.await(slot);
            if (status != 0) {
                throw new AssertionError("a write failed: " + status);
            }
        }
    }

    /** Varies the interleaving; no result depends on how long it really takes. */
    private static void spin(int nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        control.shutdown();
        disk.close();
    }
}
