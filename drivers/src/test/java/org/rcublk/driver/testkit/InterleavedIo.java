// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;

/**
 * Clients that own every nth block of a disk each, so that neighbours are written to by others: what is done to one block
 * must not undo what was done to the next. Each client has several requests under way, of different blocks, and knows what
 * each of its blocks holds.
 */
public final class InterleavedIo {
    /** Bytes a block. */
    public static final int BLOCK = 512;

    private static final int DEPTH = 8;

    private final byte[] model;
    private final long seed;

    /** The model is what the disk holds now. */
    public InterleavedIo(byte[] model, long seed) {
        this.model = model;
        this.seed = seed;
    }

    /** A request under way. */
    private record Open(int slot, BlockOp op, int block, ByteBuffer bytes) {}

    /** Runs the clients at once; then the whole disk must be what the model says. */
    public void run(TestDisk disk, int clients, int ioThreads, int rounds) {
        run(disk, List.of(disk.device()), clients, ioThreads, rounds);
    }

    /** The same through several roots of one disk, which the clients take in turn. */
    public void run(TestDisk disk, List<Device> roots, int clients, int ioThreads, int rounds) {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                Random random = new Random(seed * 31 + i);
                List<Integer> own = new ArrayList<>();
                for (int block = i; block < model.length / BLOCK; block += clients) {
                    own.add(block);
                }
                DiskClient client = disk.client(roots.get(i % roots.size()), i % ioThreads, DEPTH);
                running.add(executor.submit(() -> rounds(client, random, own, rounds)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        byte[] whole = disk.client(0).read(0, model.length);
        int wrong = Arrays.mismatch(whole, model);
        assertEquals(-1, wrong, () -> "byte " + wrong + ", in block " + wrong / BLOCK + ", seed " + seed);
    }

    private void rounds(DiskClient client, Random random, List<Integer> own, int rounds) {
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(own, random);
            List<Open> open = new ArrayList<>();
            for (int block : own.subList(0, DEPTH)) {
                open.add(submit(client, random, block));
            }
            for (Open request : open) {
                assertEquals(0, client.await(request.slot()), () -> request.op() + " of block " + request.block());
                settle(request);
            }
            for (Open request : open) {
                if (request.op() == BlockOp.DISCARD) {
                    discarded(client, request.block());
                }
            }
        }
        client.close();
    }

    private static Open submit(DiskClient client, Random random, int block) {
        BlockOp op = switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4, 5 -> BlockOp.WRITE;
            case 6, 7 -> BlockOp.READ;
            case 8, 9 -> BlockOp.WRITE_ZEROES;
            case 10 -> BlockOp.DISCARD;
            default -> BlockOp.FLUSH;
        };
        int flags = op.modifies() && random.nextInt(4) == 0 ? BlockOp.FLAG_FUA : 0;
        byte[] bytes = op == BlockOp.WRITE ? RandomIo.randomBytes(random, BLOCK) : new byte[BLOCK];
        boolean flush = op == BlockOp.FLUSH;
        ByteBuffer buffer = op.hasPayload() ? ByteBuffer.wrap(bytes) : null;
        int slot = client.submit(op, flags, flush ? 0 : (long) block * BLOCK, flush ? 0 : BLOCK, buffer);
        return new Open(slot, op, block, ByteBuffer.wrap(bytes));
    }

    /** It reads as it was, or as zeroes; which of the two, from then on. */
    private void discarded(DiskClient client, int block) {
        byte[] now = client.read((long) block * BLOCK, BLOCK);
        byte[] before = Arrays.copyOfRange(model, block * BLOCK, (block + 1) * BLOCK);
        assertTrue(
                Arrays.equals(now, before) || Arrays.equals(now, new byte[BLOCK]),
                () -> "block " + block + " after a discard, seed " + seed);
        System.arraycopy(now, 0, model, block * BLOCK, BLOCK);
    }

    private void settle(Open request) {
        int at = request.block() * BLOCK;
        switch (request.op()) {
            case WRITE, WRITE_ZEROES -> System.arraycopy(request.bytes().array(), 0, model, at, BLOCK);
            case READ ->
                assertArrayEquals(
                        Arrays.copyOfRange(model, at, at + BLOCK),
                        request.bytes().array(),
                        () -> "block " + request.block() + ", seed " + seed);
            default -> {}
        }
    }
}
