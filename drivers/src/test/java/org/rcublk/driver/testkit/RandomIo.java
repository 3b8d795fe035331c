// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.rcublk.io.BlockOp;

/**
 * Random requests from several clients, each on a range of its own, checked against an array of bytes. The ranges meet at
 * odd places, so that neighbours share clusters and blocks but no byte.
 */
public final class RandomIo {
    private static final int LARGEST = 40_000;

    private final byte[] model;
    private final boolean discardZeroes;
    private final long seed;

    /** The model is what the disk holds now; discards zero it or leave it as it is. */
    public RandomIo(byte[] model, boolean discardZeroes, long seed) {
        this.model = model;
        this.discardZeroes = discardZeroes;
        this.seed = seed;
    }

    public static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Runs the clients at once; then the whole disk must be what the model says. */
    public void run(TestDisk disk, int clients, int ioThreads, int requests) {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                int from = border(i, clients);
                int to = border(i + 1, clients);
                Random random = new Random(seed * 31 + i);
                DiskClient client = disk.client(i % ioThreads);
                running.add(executor.submit(() -> requests(client, random, from, to, requests)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        compare(disk.client(0).read(0, model.length), 0);
    }

    private int border(int i, int clients) {
        return i == 0 ? 0 : i == clients ? model.length : (int) ((long) model.length * i / clients) | 0x101;
    }

    private void requests(DiskClient client, Random random, int from, int to, int requests) {
        for (int i = 0; i < requests; i++) {
            int align = random.nextInt(3) == 0 ? 4096 : 1;
            int at = Math.max(from, (from + random.nextInt(to - from)) / align * align);
            int length = Math.min(to - at, 1 + random.nextInt(LARGEST));
            request(client, random, at, align == 1 ? length : Math.max(1, length / align * align));
        }
    }

    private void request(DiskClient client, Random random, int at, int length) {
        switch (random.nextInt(8)) {
            case 0 -> {
                int flags = random.nextInt(2) == 0 ? BlockOp.FLAG_MAY_UNMAP : 0;
                assertEquals(0, client.call(BlockOp.WRITE_ZEROES, flags, at, length));
                Arrays.fill(model, at, at + length, (byte) 0);
            }
            case 1 -> {
                assertEquals(0, client.call(BlockOp.DISCARD, 0, at, length));
                if (discardZeroes) {
                    Arrays.fill(model, at, at + length, (byte) 0);
                }
            }
            case 2 -> assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
            case 3, 4, 5 -> {
                byte[] bytes = randomBytes(random, length);
                assertEquals(0, client.write(at, bytes));
                System.arraycopy(bytes, 0, model, at, length);
            }
            default -> compare(client.read(at, length), at);
        }
    }

    private void compare(byte[] actual, int at) {
        int difference = Arrays.mismatch(actual, 0, actual.length, model, at, at + actual.length);
        if (difference >= 0) {
            fail("byte " + (at + difference) + " of read " + at + "+" + actual.length + " is " + actual[difference]
                    + ", not " + model[at + difference]);
        }
    }
}
