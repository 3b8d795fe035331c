// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * Slots in which one IOThread lists its requests on one node; chunks of them form a list that only grows. The protocol is
 * told in {@link RequestTracker}.
 *
 * <pre>
 * numbers = | 128 B | taken | from 0 | to 0 | from 1 | to 1 | ... | 128 B |     taken: a bit for each slot
 * words   = | 128 B | word 0 | word 1 | ...                       | 128 B |
 * word    = the array itself: free;  null: an ordinary request, undecided, nobody waits;  a Mark: anything else
 * </pre>
 *
 * <p>Invariants. The IOThread that the chunk belongs to writes everything, but for the words of listed requests, which
 * others replace by compare-and-set. A slot is taken and its range written before its word says so. No {@link Mark} but
 * {@link Mark#CHOOSING} is put in twice. That one is, and may be: whoever finds it has to wait, whosever it is, until its
 * owner decides.
 *
 * <p>"Free" is the array itself, because a store of a reference into the object that it refers to costs a collector
 * nothing; any other object might cost a fence of its own, twice a request.
 *
 * <table>
 * <caption>Access modes</caption>
 * <tr><th>field</th><th>writer</th><th>reader</th></tr>
 * <tr><td>taken, from, to</td><td>release</td><td>acquire; plain by the owner</td></tr>
 * <tr><td>word</td><td>release (list), compare-and-set, exchange (give back)</td><td>volatile; acquire by the owner</td></tr>
 * <tr><td>next</td><td>volatile</td><td>volatile</td></tr>
 * </table>
 * Release and acquire of the numbers: whoever concludes from them that a request is gone, because its bit or its range has
 * changed, sees what it did. The fences of {@link RequestTracker} stand between the owner's stores and its look at others,
 * and before others' loads.
 */
final class TrackedSlots {
    private static final boolean END_BLIND = Mutants.on("io-track-end-blind");

    /** As many as a word has bits. */
    static final int MOST = Long.SIZE;

    private static final VarHandle NUMBERS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int NUMBERS_PAD = 128 / Long.BYTES;
    private static final int WORDS_PAD = 128 / Integer.BYTES; // references have 4 bytes or 8
    private static final int TAKEN = NUMBERS_PAD;
    private static final int RANGES = TAKEN + 1;

    private final int slots;
    private final long full;
    private final long[] numbers;
    private final @Nullable Object[] words;
    private volatile @Nullable TrackedSlots next;

    @AnyThread
    TrackedSlots(int slots) {
        this.slots = slots;
        this.full = -1L >>> (MOST - slots);
        this.numbers = new long[RANGES + 2 * slots + NUMBERS_PAD];
        this.words = new Object[2 * WORDS_PAD + slots];
        Arrays.fill(words, words);
    }

    @Nullable
    @AnyThread
    TrackedSlots next() {
        return next;
    }

    // The owner's.

    @IoThreadOnly
    TrackedSlots nextOrNew() {
        TrackedSlots following = next;
        if (following == null) {
            following = new TrackedSlots(slots);
            next = following;
        }
        return following;
    }

    @IoThreadOnly
    boolean isFull() {
        return numbers[TAKEN] == full;
    }

    @IoThreadOnly
    int firstFree() {
        return Long.numberOfTrailingZeros(~numbers[TAKEN]);
    }

    /** Takes the first free slot for a range, without listing it yet. */
    @IoThreadOnly
    int take(long from, long to) {
        int slot = firstFree();
        NUMBERS.setRelease(numbers, TAKEN, numbers[TAKEN] | 1L << slot);
        NUMBERS.setRelease(numbers, RANGES + 2 * slot, from);
        NUMBERS.setRelease(numbers, RANGES + 2 * slot + 1, to);
        return slot;
    }

    /** Makes a request visible. Who has to see it before a look at others fences behind this. */
    @AnyThread
    void list(int slot, @Nullable Mark mark) {
        WORDS.setRelease(words, WORDS_PAD + slot, mark);
    }

    /**
     * Frees a slot. The exchange releases what the request did to those who find the slot free, and acquires what those
     * who wait have written.
     *
     * @return what the word was last
     */
    @Nullable
    @IoThreadOnly
    Mark giveBack(int slot) {
        Object last;
        if (END_BLIND) {
            last = WORDS.getVolatile(words, WORDS_PAD + slot);
            if (Steps.ENABLED) {
                Steps.reach("io.track-ending");
            }
            WORDS.setVolatile(words, WORDS_PAD + slot, words);
        } else {
            last = WORDS.getAndSet(words, WORDS_PAD + slot, words);
        }
        NUMBERS.setRelease(numbers, TAKEN, numbers[TAKEN] & ~(1L << slot));
        return (Mark) last;
    }

    /** The word of a request that its owner has listed. */
    @Nullable
    @IoThreadOnly
    Mark ownMark(int slot) {
        return (Mark) WORDS.getAcquire(words, WORDS_PAD + slot);
    }

    // Anybody's.

    /** Compare-and-set of a word. */
    @AnyThread
    boolean replace(int slot, @Nullable Mark expected, Mark mark) {
        return WORDS.compareAndSet(words, WORDS_PAD + slot, expected, mark);
    }

    @Nullable
    @AnyThread
    Object word(int slot) {
        return WORDS.getVolatile(words, WORDS_PAD + slot);
    }

    @SuppressWarnings("ReferenceEquality") // the array stands for "free"
    @AnyThread
    boolean isFree(@Nullable Object word) {
        return word == words;
    }

    @AnyThread
    boolean isSerialising(int slot) {
        return word(slot) instanceof Mark mark && mark.serialising();
    }

    /** The taken slots' bits. */
    @AnyThread
    long taken() {
        return (long) NUMBERS.getAcquire(numbers, TAKEN);
    }

    @AnyThread
    long from(int slot) {
        return (long) NUMBERS.getAcquire(numbers, RANGES + 2 * slot);
    }

    @AnyThread
    long to(int slot) {
        return (long) NUMBERS.getAcquire(numbers, RANGES + 2 * slot + 1);
    }

    @AnyThread
    boolean overlaps(int slot, long from, long to) {
        return Math.max(from, from(slot)) < Math.min(to, to(slot));
    }
}
