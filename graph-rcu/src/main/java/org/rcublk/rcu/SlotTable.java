// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.rcublk.annotation.AnyThread;

/**
 * The epoch counters of one domain: for each reader index, how many sections it began and how many it ended, apart for
 * each of the two ranks. Threads without an index (guests, virtual threads) share a few such slots, the stripes.
 *
 * <pre>
 * chunk = | 128 B | slot 0 | slot 1 | ... | slot 15 |     slot = | lock0 | unlock0 | lock1 | unlock1 | 224 B |
 * </pre>
 *
 * <p>Invariants. A counter only grows, is never reset and never moves: chunks are appended, never copied, so a reader
 * index that is recycled keeps its totals. A slot has one writer, the thread that holds the index; a stripe has any
 * number, so all of its counts are fetch-and-add, which has the memory effects of a volatile store. Hot words of two
 * slots are at least 224 B apart, and the first slot is 128 B behind the array's length, which other threads read.
 *
 * <table>
 * <caption>Access modes</caption>
 * <tr><th>field</th><th>writer</th><th>reader</th></tr>
 * <tr><td>lock</td><td>fetch-and-add (begin); release (fork), of a stripe fetch-and-add</td><td>volatile (scan)</td></tr>
 * <tr><td>unlock</td><td>release; of a stripe fetch-and-add</td><td>acquire (scan)</td></tr>
 * <tr><td>chunks, stripes</td><td>compare-and-set: the second of two growths at once goes on top of the first</td><td>volatile</td></tr>
 * </table>
 */
@AnyThread
final class SlotTable {
    /** Set smaller where schedules are explored or growth is tested: a scan takes two steps a slot. */
    private static final int CHUNK_SHIFT = Integer.getInteger("rcublk.rcu.chunk-shift", 4);

    static final int SLOTS_PER_CHUNK = 1 << CHUNK_SHIFT;
    private static final int PAD = 128 / Long.BYTES;
    private static final int STRIDE = 256 / Long.BYTES;
    private static final int LOCK = 0;
    private static final int UNLOCK = 1;
    private static final int PER_RANK = 2;
    private static final int MOST_STRIPES = 64;
    /** Far above what a process has threads for, and bounds what a wrong index can make every scan cost. */
    private static final int MOST_READERS = 1 << 14;

    private static final boolean NO_STORE_LOAD = Mutants.on("rcu-no-store-load");
    private static final boolean LOCKS_FIRST = Mutants.on("rcu-locks-first");
    private static final boolean NET_COUNTER = Mutants.on("rcu-net-counter");
    private static final boolean SCAN_ONE_CHUNK = Mutants.on("rcu-scan-one-chunk");
    private static final boolean SCAN_NO_GUESTS = Mutants.on("rcu-scan-no-guests");
    private static final boolean GUEST_NO_RMW = Mutants.on("rcu-guest-no-rmw");
    private static final boolean TABLE_ONCE = Mutants.on("rcu-table-once");
    private static final boolean REGISTER_LATE = Mutants.on("rcu-register-late");
    private static final boolean SLOT_ZEROED = Mutants.on("rcu-slot-zeroed");
    private static final boolean GROW_BY_SET = Mutants.on("rcu-grow-by-set");

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNKS;
    private static final VarHandle UNPUBLISHED; // of a negative control
    private static final VarHandle STRIPES;
    private static final long[] NO_STRIPES = new long[0];

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CHUNKS = lookup.findVarHandle(SlotTable.class, "chunks", long[][].class);
            UNPUBLISHED = lookup.findVarHandle(SlotTable.class, "unpublished", long[][].class);
            STRIPES = lookup.findVarHandle(SlotTable.class, "stripes", long[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The first chunk, in a field of its own: few processes have more readers, and their path has no table look-up. */
    private final long[] first = new long[PAD + SLOTS_PER_CHUNK * STRIDE];

    private volatile long[][] chunks = {first};

    /** Empty until a guest comes. */
    private volatile long[] stripes = NO_STRIPES;

    /** Of a negative control: for each index, the owner of it whose totals are in the slot. */
    private final int[] owners = new int[SLOT_ZEROED ? ReaderIndex.MOST_WITH_OWNERS : 0];

    private volatile long[][] unpublished = {first}; // of a negative control

    /**
     * Counts a new section, with volatile order: it pairs with the fence and the volatile loads of {@link #quiet}. A
     * volatile store would do, as the slot has one writer; the fetch-and-add has the memory effects of one, and on x86 it
     * is the store and the fence in one locked instruction instead of two that wait for each other.
     */
    void lock(int reader, int rank) {
        long[] chunk = chunk(reader);
        int at = word(slotOf(reader), rank) + LOCK;
        if (NO_STORE_LOAD) {
            WORDS.setRelease(chunk, at, (long) WORDS.get(chunk, at) + 1);
        } else {
            WORDS.getAndAdd(chunk, at, 1L);
        }
    }

    /**
     * Counts a section that is forked from one that is still open. No store-load order is needed: the parent's section
     * holds back the grace period, and the parent's end, which happens after this store, releases it.
     */
    void lockForked(int reader, int rank) {
        if (Steps.ENABLED) {
            Steps.reach("rcu.fork");
        }
        long[] chunk = chunk(reader);
        int at = word(slotOf(reader), rank) + LOCK;
        WORDS.setRelease(chunk, at, (long) WORDS.get(chunk, at) + 1);
    }

    /** Counts an end. The release store pairs with the acquire loads of the unlock sum. */
    void unlock(int reader, int rank) {
        long[] chunk = chunk(reader);
        if (REGISTER_LATE) {
            chunks = unpublished;
        }
        int at = word(slotOf(reader), rank) + (NET_COUNTER ? LOCK : UNLOCK);
        WORDS.setRelease(chunk, at, (long) WORDS.get(chunk, at) + (NET_COUNTER ? -1 : 1));
    }

    /** As {@link #lock}, on the stripe of a thread that has no index. A fetch-and-add has volatile order. */
    void lockGuest(int rank) {
        addToStripe(rank, LOCK, 1);
    }

    /** As {@link #lockForked}, on the stripe of a thread that has no index. */
    void lockForkedGuest(int rank) {
        if (Steps.ENABLED) {
            Steps.reach("rcu.fork");
        }
        addToStripe(rank, LOCK, 1);
    }

    /** As {@link #unlock}, on the stripe of a thread that has no index; it need not be the stripe of the begin. */
    void unlockGuest(int rank) {
        addToStripe(rank, NET_COUNTER ? LOCK : UNLOCK, NET_COUNTER ? -1 : 1);
    }

    private void addToStripe(int rank, int counter, long delta) {
        long[] all = stripes;
        if (all.length == 0) {
            all = createStripes();
        }
        int at = word(stripeOf(Thread.currentThread(), all), rank) + counter;
        if (GUEST_NO_RMW) {
            long before = (long) WORDS.getVolatile(all, at);
            if (Steps.ENABLED) {
                Steps.reach("rcu.guest-torn");
            }
            WORDS.setVolatile(all, at, before + delta);
        } else {
            WORDS.getAndAdd(all, at, delta);
        }
    }

    /** Threads that started one after the other get different stripes. */
    private static int stripeOf(Thread thread, long[] stripes) {
        return (int) thread.threadId() & (stripes.length / STRIDE - 1);
    }

    /**
     * One scan of a rank: unlocks are summed before locks. A section whose end is seen has its begin seen too, because
     * the begin happens before the end; so equality means that no section that the scan should see is open. Summed the
     * other way round, a section that begins and ends during the scan hides one that is still open.
     */
    boolean quiet(int rank) {
        if (NET_COUNTER) {
            return locks(rank) == 0;
        }
        if (LOCKS_FIRST) {
            long locks = locks(rank);
            return locks == unlocks(rank);
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.scan");
        }
        long[][] table = chunks;
        if (Steps.ENABLED) {
            Steps.reach("rcu.table-read");
        }
        long unlocks = unlocks(table, rank);
        VarHandle.fullFence();
        // The table is read again for the locks: a slot that appeared meanwhile may hold the begin of an end seen
        // above.
        return unlocks == locks(TABLE_ONCE ? table : chunks, rank);
    }

    /**
     * Whether more sections ended than began, on one rank: a token was ended twice. Ends are summed first, so a section
     * that begins and ends meanwhile cannot look like that.
     */
    boolean endedTwice() {
        for (int rank = 0; rank <= 1; rank++) {
            long unlocks = unlocks(chunks, rank);
            if (unlocks > locks(chunks, rank)) {
                return true;
            }
        }
        return false;
    }

    /** Open sections, summed without a consistent snapshot: an estimate while readers run, exact when they rest. */
    long open() {
        long unlocks = unlocks(0) + unlocks(1);
        return locks(0) + locks(1) - unlocks;
    }

    private long unlocks(int rank) {
        return unlocks(chunks, rank);
    }

    private long unlocks(long[][] table, int rank) {
        long sum = 0;
        for (long[] chunk : table) {
            sum += unlocks(chunk, rank);
            if (SCAN_ONE_CHUNK) {
                break;
            }
        }
        return SCAN_NO_GUESTS ? sum : sum + unlocks(stripes, rank);
    }

    private static long unlocks(long[] words, int rank) {
        long sum = 0;
        for (int at = word(0, rank) + UNLOCK; at < words.length; at += STRIDE) {
            sum += (long) WORDS.getAcquire(words, at);
            if (Steps.ENABLED) {
                Steps.reach("rcu.unlock-read");
            }
        }
        return sum;
    }

    private long locks(int rank) {
        return locks(chunks, rank);
    }

    private long locks(long[][] table, int rank) {
        long sum = 0;
        for (long[] chunk : table) {
            sum += locks(chunk, rank);
            if (SCAN_ONE_CHUNK) {
                break;
            }
        }
        return SCAN_NO_GUESTS ? sum : sum + locks(stripes, rank);
    }

    private static long locks(long[] words, int rank) {
        long sum = 0;
        for (int at = word(0, rank) + LOCK; at < words.length; at += STRIDE) {
            sum += (long) WORDS.getVolatile(words, at);
            if (Steps.ENABLED) {
                Steps.reach("rcu.lock-read");
            }
        }
        return sum;
    }

    private static int slotOf(int reader) {
        return reader & (SLOTS_PER_CHUNK - 1);
    }

    private static int word(int slot, int rank) {
        return PAD + slot * STRIDE + rank * PER_RANK;
    }

    private long[] chunk(int reader) {
        if (SLOT_ZEROED && owners[reader] != ReaderIndex.owner(reader)) {
            owners[reader] = ReaderIndex.owner(reader);
            zero(reader);
        }
        int at = reader >>> CHUNK_SHIFT;
        return at == 0 ? first : laterChunk(reader, at);
    }

    private long[] laterChunk(int reader, int at) {
        long[][] table = chunks;
        return at < table.length ? table[at] : grow(reader);
    }

    /**
     * First use of this domain by a reader index beyond the table: once a thread and domain, never again. No lock: what
     * another thread appends meanwhile is kept, and this one tries again on top of it, at most once a chunk.
     */
    private long[] grow(int reader) {
        if (reader < 0 || reader >= MOST_READERS) {
            throw new IllegalArgumentException(
                    "reader index " + reader + " is not one that ReaderIndex.acquire() gave out:"
                            + " pass the value of an open one, or call without one to read as a guest");
        }
        int at = reader >>> CHUNK_SHIFT;
        while (true) {
            if (Steps.ENABLED) {
                Steps.reach("rcu.table-grows");
            }
            long[][] table = REGISTER_LATE ? unpublished : chunks;
            if (at < table.length) {
                return table[at];
            }
            long[][] grown = longer(table, at + 1);
            if (Steps.ENABLED) {
                Steps.reach("rcu.table-grown");
            }
            if (replace(table, grown)) {
                return grown[at];
            }
        }
    }

    private boolean replace(long[][] table, long[][] grown) {
        if (REGISTER_LATE) {
            return UNPUBLISHED.compareAndSet(this, table, grown);
        }
        if (GROW_BY_SET) {
            chunks = grown;
            return true;
        }
        return CHUNKS.compareAndSet(this, table, grown);
    }

    private static long[][] longer(long[][] table, int length) {
        long[][] longer = Arrays.copyOf(table, length);
        for (int i = table.length; i < length; i++) {
            longer[i] = new long[PAD + SLOTS_PER_CHUNK * STRIDE];
        }
        return longer;
    }

    /** First guest of this domain: a power of two of stripes, one a core up to a bound. Of two that come first, one's. */
    private long[] createStripes() {
        int cores = Math.min(Runtime.getRuntime().availableProcessors(), MOST_STRIPES);
        int count = cores <= 1 ? 2 : 2 * Integer.highestOneBit(cores - 1);
        long[] created = new long[PAD + count * STRIDE];
        if (Steps.ENABLED) {
            Steps.reach("rcu.stripes-created");
        }
        if (GROW_BY_SET) {
            stripes = created;
            return created;
        }
        return STRIPES.compareAndSet(this, NO_STRIPES, created) ? created : stripes;
    }

    /** Forgets an index's totals. Wrong as soon as a section of it ended elsewhere or is open: for a mutant only. */
    void zero(int reader) {
        long[][] table = chunks;
        int at = reader >>> CHUNK_SHIFT;
        if (at < table.length) {
            Arrays.fill(table[at], word(slotOf(reader), 0), word(slotOf(reader), 0) + 2 * PER_RANK, 0);
        }
    }

    /** Byte offset of a counter from the first array element, for the layout test. */
    static int byteOffset(int reader, int rank, boolean end) {
        return (word(slotOf(reader), rank) + (end ? UNLOCK : LOCK)) * Long.BYTES;
    }

    /** How many stripes guests share; 0 before the first. */
    int stripeCount() {
        return stripes.length / STRIDE;
    }
}
