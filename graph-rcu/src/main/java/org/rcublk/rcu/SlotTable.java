// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The epoch counters of one domain: for each reader index, how many sections it began and how many it ended, apart for
 * each of the two ranks.
 *
 * <pre>
 * chunk = | 128 B | slot 0 | slot 1 | ... | slot 7 |      slot = | lock0 | unlock0 | lock1 | unlock1 | 224 B |
 * </pre>
 *
 * <p>Invariants. A counter only grows, is never reset and never moves: chunks are appended, never copied, so a reader
 * index that is recycled keeps its totals. A slot has one writer, the thread that holds the index. Hot words of two
 * slots are at least 224 B apart, and the first slot is 128 B behind the array's length, which other threads read.
 *
 * <table>
 * <caption>Access modes</caption>
 * <tr><th>field</th><th>writer</th><th>reader</th></tr>
 * <tr><td>lock</td><td>volatile (begin), release (fork)</td><td>volatile (scan)</td></tr>
 * <tr><td>unlock</td><td>release</td><td>acquire (scan)</td></tr>
 * <tr><td>chunks</td><td>under the monitor, volatile</td><td>volatile</td></tr>
 * </table>
 */
final class SlotTable {
    static final int SLOTS_PER_CHUNK = 8;
    private static final int CHUNK_SHIFT = 3;
    private static final int PAD = 128 / Long.BYTES;
    private static final int STRIDE = 256 / Long.BYTES;
    private static final int LOCK = 0;
    private static final int UNLOCK = 1;
    private static final int PER_RANK = 2;

    private static final boolean NO_STORE_LOAD = Mutants.on("rcu-no-store-load");
    private static final boolean LOCKS_FIRST = Mutants.on("rcu-locks-first");

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private volatile long[][] chunks = new long[0][];

    /** Counts a new section. The volatile store pairs with the fence and the volatile loads of {@link #quiet}. */
    void lock(int reader, int rank) {
        long[] chunk = chunk(reader);
        int at = word(reader, rank) + LOCK;
        long next = (long) WORDS.get(chunk, at) + 1;
        if (NO_STORE_LOAD) {
            WORDS.setRelease(chunk, at, next);
        } else {
            WORDS.setVolatile(chunk, at, next);
        }
    }

    /**
     * Counts a section that is forked from one that is still open. No store-load order is needed: the parent's section
     * holds back the grace period, and the parent's end, which happens after this store, releases it.
     */
    void lockForked(int reader, int rank) {
        long[] chunk = chunk(reader);
        int at = word(reader, rank) + LOCK;
        WORDS.setRelease(chunk, at, (long) WORDS.get(chunk, at) + 1);
    }

    /** Counts an end. The release store pairs with the acquire loads of the unlock sum. */
    void unlock(int reader, int rank) {
        long[] chunk = chunk(reader);
        int at = word(reader, rank) + UNLOCK;
        WORDS.setRelease(chunk, at, (long) WORDS.get(chunk, at) + 1);
    }

    /**
     * One scan of a rank: unlocks are summed before locks. A section whose end is seen has its begin seen too, because
     * the begin happens before the end; so equality means that no section that the scan should see is open. Summed the
     * other way round, a section that begins and ends during the scan hides one that is still open.
     */
    boolean quiet(int rank) {
        if (LOCKS_FIRST) {
            long locks = locks(rank);
            return locks == unlocks(rank);
        }
        long unlocks = unlocks(rank);
        VarHandle.fullFence();
        // The table is read again for the locks: a slot that appeared meanwhile may hold the begin of an end seen
        // above.
        return unlocks == locks(rank);
    }

    /** Open sections, summed without a consistent snapshot: an estimate while readers run, exact when they rest. */
    long open() {
        long unlocks = unlocks(0) + unlocks(1);
        return locks(0) + locks(1) - unlocks;
    }

    private long unlocks(int rank) {
        long sum = 0;
        for (long[] chunk : chunks) {
            for (int slot = 0; slot < SLOTS_PER_CHUNK; slot++) {
                sum += (long) WORDS.getAcquire(chunk, word(slot, rank) + UNLOCK);
                if (Steps.ENABLED) {
                    Steps.reach("rcu.unlock-read");
                }
            }
        }
        return sum;
    }

    private long locks(int rank) {
        long sum = 0;
        for (long[] chunk : chunks) {
            for (int slot = 0; slot < SLOTS_PER_CHUNK; slot++) {
                sum += (long) WORDS.getVolatile(chunk, word(slot, rank) + LOCK);
                if (Steps.ENABLED) {
                    Steps.reach("rcu.lock-read");
                }
            }
        }
        return sum;
    }

    private static int word(int reader, int rank) {
        return PAD + (reader & (SLOTS_PER_CHUNK - 1)) * STRIDE + rank * PER_RANK;
    }

    private long[] chunk(int reader) {
        long[][] table = chunks;
        int at = reader >>> CHUNK_SHIFT;
        return at < table.length ? table[at] : grow(reader);
    }

    /** First use of this domain by a reader index beyond the table: once a thread and domain, never again. */
    private synchronized long[] grow(int reader) {
        if (reader < 0) {
            throw new IllegalStateException("this thread is not registered as a reader: run it as a ReaderThread, or"
                    + " acquire a ReaderIndex and pass its value");
        }
        long[][] table = chunks;
        int at = reader >>> CHUNK_SHIFT;
        if (at >= table.length) {
            int old = table.length;
            table = Arrays.copyOf(table, at + 1);
            for (int i = old; i <= at; i++) {
                table[i] = new long[PAD + SLOTS_PER_CHUNK * STRIDE];
            }
            chunks = table;
        }
        return table[at];
    }

    /** Byte offset of a counter from the first array element, for the layout test. */
    static int byteOffset(int reader, int rank, boolean end) {
        return (word(reader, rank) + (end ? UNLOCK : LOCK)) * Long.BYTES;
    }
}
