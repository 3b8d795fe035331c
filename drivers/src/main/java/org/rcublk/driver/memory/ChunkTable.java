// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A sparse array of bytes: a directory of tables of chunks, each made when first written under.
 *
 * <p>Tables and chunks are published by compare-and-set, whose loser uses the winner's. The bytes themselves are plain: what
 * orders two requests orders their bytes, and two that are not ordered may interleave. A chunk that is zeroed whole is
 * dropped; whoever still writes to it runs at the same time as the zeroing, over the same range, and may count as before it.
 */
final class ChunkTable {
    static final int CHUNK = 1 << 18;
    private static final int CHUNKS_A_TABLE = 1 << 12;
    private static final long TABLE_BYTES = (long) CHUNK * CHUNKS_A_TABLE;
    private static final byte[] ZEROES = new byte[CHUNK];

    /**
     * What all memory disks of the process may hold. The rest of the heap is everybody else's: a heap that is full to the
     * brim ends threads that have nothing to do with this disk.
     */
    private static final long BUDGET = Runtime.getRuntime().maxMemory() / 4 * 3;

    private static final AtomicLong TAKEN = new AtomicLong();

    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>> directory;

    ChunkTable(long size) {
        directory = new AtomicReferenceArray<>((int) ((size + TABLE_BYTES - 1) / TABLE_BYTES));
    }

    void read(long offset, ByteBuffer to, int at, int length) {
        int done = 0;
        while (done < length) {
            int within = (int) ((offset + done) % CHUNK);
            int n = Math.min(length - done, CHUNK - within);
            byte[] chunk = find(offset + done);
            to.put(at + done, chunk == null ? ZEROES : chunk, chunk == null ? 0 : within, n);
            done += n;
        }
    }

    void write(long offset, ByteBuffer from, int at, int length) {
        int done = 0;
        while (done < length) {
            int within = (int) ((offset + done) % CHUNK);
            int n = Math.min(length - done, CHUNK - within);
            from.get(at + done, findOrMake(offset + done), within, n);
            done += n;
        }
    }

    void zero(long offset, long length) {
        long end = offset + length;
        long at = offset;
        while (at < end) {
            AtomicReferenceArray<byte @Nullable []> table = directory.get((int) (at / TABLE_BYTES));
            if (table == null) {
                at = (at / TABLE_BYTES + 1) * TABLE_BYTES;
                continue;
            }
            int within = (int) (at % CHUNK);
            int n = (int) Math.min(end - at, CHUNK - within);
            zeroWithin(table, (int) (at / CHUNK % CHUNKS_A_TABLE), within, n);
            at += n;
        }
    }

    private static void zeroWithin(AtomicReferenceArray<byte @Nullable []> table, int index, int within, int n) {
        byte[] chunk = table.get(index);
        if (chunk == null) {
            return;
        }
        if (n == CHUNK) {
            drop(table, index);
        } else {
            Arrays.fill(chunk, within, within + n, (byte) 0);
        }
    }

    /** Gives all memory back; the array reads as zeroes then. */
    void clear() {
        for (int i = 0; i < directory.length(); i++) {
            AtomicReferenceArray<byte @Nullable []> table = directory.getAndSet(i, null);
            for (int slot = 0; table != null && slot < CHUNKS_A_TABLE; slot++) {
                drop(table, slot);
            }
        }
    }

    private static void drop(AtomicReferenceArray<byte @Nullable []> table, int slot) {
        if (table.getAndSet(slot, null) != null) {
            TAKEN.addAndGet(-CHUNK);
        }
    }

    private byte @Nullable [] find(long offset) {
        AtomicReferenceArray<byte @Nullable []> table = directory.get((int) (offset / TABLE_BYTES));
        return table == null ? null : table.get((int) (offset / CHUNK % CHUNKS_A_TABLE));
    }

    /**
     * Asks the budget first.
     *
     * @throws OutOfMemoryError when the disks hold all that they may; the heap itself has room then
     */
    private static byte[] newChunk() {
        if (TAKEN.addAndGet(CHUNK) > BUDGET) {
            TAKEN.addAndGet(-CHUNK);
            throw new OutOfMemoryError("memory disks hold " + BUDGET + " bytes already: start with a larger -Xmx");
        }
        return new byte[CHUNK];
    }

    private byte[] findOrMake(long offset) {
        int index = (int) (offset / TABLE_BYTES);
        AtomicReferenceArray<byte @Nullable []> table = directory.get(index);
        if (table == null) {
            AtomicReferenceArray<byte @Nullable []> made = new AtomicReferenceArray<>(CHUNKS_A_TABLE);
            table = directory.compareAndExchange(index, null, made);
            table = table == null ? made : table;
        }
        int slot = (int) (offset / CHUNK % CHUNKS_A_TABLE);
        byte[] chunk = table.get(slot);
        if (chunk == null) {
            byte[] made = newChunk();
            chunk = table.compareAndExchange(slot, null, made);
            if (chunk == null) {
                return made;
            }
            TAKEN.addAndGet(-CHUNK);
        }
        return chunk;
    }
}
