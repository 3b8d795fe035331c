// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.RequiresReadSection;

/**
 * A sparse array of bytes: directories of tables of chunks, each made when first written under. It has room for the largest
 * disk, so that a disk may grow while requests run, and knows nothing of the disk's size.
 *
 * <p>Tables and chunks are published by compare-and-set, whose loser uses the winner's. The bytes themselves are plain: what
 * orders two requests orders their bytes, and two that are not ordered may interleave. A chunk that is zeroed whole is
 * dropped; whoever still writes to it runs at the same time as the zeroing, over the same range, and may count as before it.
 */
@AnyThread
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

    private static final int TABLES_A_DIRECTORY = 1 << 10;
    private static final long DIRECTORY_BYTES = TABLE_BYTES * TABLES_A_DIRECTORY;
    private static final int DIRECTORIES = (int) (MemoryDriver.MAX_SIZE / DIRECTORY_BYTES);

    private final AtomicReferenceArray<
                    @Nullable AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>>>
            directories = new AtomicReferenceArray<>(DIRECTORIES);

    @RequiresReadSection
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

    @RequiresReadSection
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
            AtomicReferenceArray<byte @Nullable []> table = table(at);
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
        for (int i = 0; i < DIRECTORIES; i++) {
            AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>> directory =
                    directories.getAndSet(i, null);
            for (int k = 0; directory != null && k < TABLES_A_DIRECTORY; k++) {
                AtomicReferenceArray<byte @Nullable []> table = directory.getAndSet(k, null);
                for (int slot = 0; table != null && slot < CHUNKS_A_TABLE; slot++) {
                    drop(table, slot);
                }
            }
        }
    }

    private static void drop(AtomicReferenceArray<byte @Nullable []> table, int slot) {
        if (table.getAndSet(slot, null) != null) {
            TAKEN.addAndGet(-CHUNK);
        }
    }

    private byte @Nullable [] find(long offset) {
        AtomicReferenceArray<byte @Nullable []> table = table(offset);
        return table == null ? null : table.get((int) (offset / CHUNK % CHUNKS_A_TABLE));
    }

    private @Nullable AtomicReferenceArray<byte @Nullable []> table(long offset) {
        AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>> directory =
                directories.get((int) (offset / DIRECTORY_BYTES));
        return directory == null ? null : directory.get((int) (offset / TABLE_BYTES % TABLES_A_DIRECTORY));
    }

    private AtomicReferenceArray<byte @Nullable []> tableOrMake(long offset) {
        int index = (int) (offset / DIRECTORY_BYTES);
        AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>> directory = directories.get(index);
        if (directory == null) {
            AtomicReferenceArray<@Nullable AtomicReferenceArray<byte @Nullable []>> made =
                    new AtomicReferenceArray<>(TABLES_A_DIRECTORY);
            directory = directories.compareAndExchange(index, null, made);
            directory = directory == null ? made : directory;
        }
        int slot = (int) (offset / TABLE_BYTES % TABLES_A_DIRECTORY);
        AtomicReferenceArray<byte @Nullable []> table = directory.get(slot);
        if (table == null) {
            AtomicReferenceArray<byte @Nullable []> made = new AtomicReferenceArray<>(CHUNKS_A_TABLE);
            table = directory.compareAndExchange(slot, null, made);
            table = table == null ? made : table;
        }
        return table;
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
        AtomicReferenceArray<byte @Nullable []> table = tableOrMake(offset);
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
