// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Limits;

/**
 * Random requests from several clients on several IOThreads, against an array of bytes, on a disk that completes them in any
 * order. Each client owns every so manieth piece of a block in the first part of the disk, so that neighbours share blocks and
 * no byte (H23), and a range of its own in the rest, for what is longer. Repeat a failure with {@code -Drcublk.seed=}.
 */
@Timeout(120)
class FrontModelTest {
    private static final long SEED = Long.getLong("rcublk.seed", System.nanoTime());
    private static final int CLIENTS = 4;
    private static final int REQUESTS = 150;

    private Limits limits;
    private int shared;
    private int piece;
    private byte[] model;

    @BeforeAll
    static void printSeed() {
        System.out.println("FrontModelTest: seed " + SEED);
    }

    @Test
    void blocksOf512() {
        run(Limits.of(512, 2048), 4096, Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
    }

    @Test
    void blocksOf512WithoutAnyHelp() {
        run(Limits.of(512, 0), 4096);
    }

    @Test
    void blocksOf4KWithLargerZeroesAndDiscards() {
        run(new Limits(4096, 16384, 8192, 16384, 16384, 32768), 3 * 4096, Capability.ZEROES);
    }

    @Test
    void blocksOf64K() {
        run(Limits.of(65536, 0), 2 * 65536, Capability.ZEROES, Capability.COUNTED_FLUSH);
    }

    @Test
    void bytesInShortPieces() {
        run(new Limits(1, 1000, 1, 3000, 1, 5000), 4096, Capability.COUNTED_FLUSH);
    }

    private void run(Limits of, int sharedBytes, Capability... capabilities) {
        limits = of;
        shared = sharedBytes;
        piece = Math.max(60, of.alignment() / 7);
        int size = shared + CLIENTS * 5 * Math.max(8192, of.alignment()) / 2 + 333;
        LimitedDriver driver = new LimitedDriver(size, of, capabilities);
        new Random(SEED).nextBytes(driver.data);
        model = driver.data.clone();
        driver.shuffle(SEED);
        try (TestDisk disk = new TestDisk()) {
            disk.live.commit(AddNodes.of(BlockNode.of("lim", "limited", driver)), Waits.LONG);
            Device device = disk.attach("lim-root", "lim", true);
            IoThread[] threads = {disk.started("io0"), disk.started("io1")};
            List<Waits.Started<Integer>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int self = i;
                TestDisk.Client client = disk.client(device, threads[i % 2], 1);
                running.add(Waits.onThread(() -> requests(client, self)));
            }
            for (Waits.Started<Integer> one : running) {
                assertEquals(REQUESTS, Waits.get(one.task()));
            }
            assertEquals(-1, Arrays.mismatch(model, driver.data), "first byte that is wrong");
            assertEquals(0, device.domain().openSections());
        } catch (Exception e) {
            throw new AssertionError("seed " + SEED + ": " + e, e);
        } finally {
            driver.close();
        }
        assertEquals(List.of(), driver.wrong, "requests that the driver must not be given");
    }

    private int requests(TestDisk.Client client, int self) {
        Random random = new Random(SEED * 31 + self);
        int owned = (model.length - shared) / CLIENTS;
        for (int i = 0; i < REQUESTS; i++) {
            if (random.nextInt(3) > 0) {
                int slot = random.nextInt(shared / (piece * CLIENTS)) * CLIENTS + self;
                int at = slot * piece + random.nextInt(piece / 2);
                request(client, random, at, 1 + random.nextInt((slot + 1) * piece - at));
            } else {
                int at = shared + self * owned + random.nextInt(owned);
                int end = self == CLIENTS - 1 ? model.length : shared + (self + 1) * owned;
                request(client, random, at, random.nextInt(4) == 0 ? end - at : 1 + random.nextInt(end - at));
            }
        }
        return REQUESTS;
    }

    private void request(TestDisk.Client client, Random random, int at, int length) {
        int flags = random.nextInt(4) == 0 ? BlockOp.FLAG_FUA : 0;
        switch (random.nextInt(9)) {
            case 0 -> {
                assertEquals(0, client.io(BlockOp.WRITE_ZEROES, flags, at, length, null, 0));
                Arrays.fill(model, at, at + length, (byte) 0);
            }
            case 1 -> discard(client, at, at + length);
            case 2 -> assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
            case 3, 4 -> {
                byte[] bytes = new byte[length];
                assertEquals(0, client.io(BlockOp.READ, at, length, ByteBuffer.wrap(bytes)));
                int wrong = Arrays.mismatch(bytes, 0, length, model, at, at + length);
                assertEquals(-1, wrong, "seed " + SEED + ": in a read of " + at + "+" + length);
            }
            default -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                assertEquals(0, client.io(BlockOp.WRITE, flags, at, length, ByteBuffer.wrap(bytes), 0));
                System.arraycopy(bytes, 0, model, at, length);
            }
        }
    }

    /** Whole units of it are zero then, and the rest is as it was. */
    private void discard(TestDisk.Client client, int from, int to) {
        assertEquals(0, client.io(BlockOp.DISCARD, from, to - from));
        int unit = limits.discardAlignment();
        int first = (from + unit - 1) / unit * unit;
        int last = to == model.length ? to : to / unit * unit;
        if (first < last) {
            Arrays.fill(model, first, last, (byte) 0);
        }
    }
}
