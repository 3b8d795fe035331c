// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slots: their layout, their growth under scans, and what becomes of them when an index changes hands. */
@Timeout(60)
class SlotTableTest {
    @Test
    void hotWordsOfTwoSlotsAreFarApart() {
        assertTrue(SlotTable.byteOffset(0, 0, false) >= 128, "apart from the array's length, which all threads read");
        for (int reader = 0; reader < SlotTable.SLOTS_PER_CHUNK; reader++) {
            int first = SlotTable.byteOffset(reader, 0, false);
            int last = SlotTable.byteOffset(reader, 1, true);
            assertEquals(3 * Long.BYTES, last - first, "the four counters of a slot lie together");
            assertEquals(first + Long.BYTES, SlotTable.byteOffset(reader, 0, true));
            assertEquals(first + 2 * Long.BYTES, SlotTable.byteOffset(reader, 1, false));
            if (reader + 1 < SlotTable.SLOTS_PER_CHUNK) {
                int next = SlotTable.byteOffset(reader + 1, 0, false);
                assertTrue(next - (last + Long.BYTES) >= 224, "slots " + reader + " and " + (reader + 1));
            }
        }
    }

    @Test
    void countersAreApartByRankAndSlot() {
        SlotTable slots = new SlotTable();
        slots.lock(3, 0);
        slots.lock(12, 1);
        assertFalse(slots.quiet(0));
        assertFalse(slots.quiet(1));
        slots.unlock(40, 0); // ended by another index, in a chunk that did not exist at the begin
        assertTrue(slots.quiet(0));
        assertFalse(slots.quiet(1));
        slots.unlock(12, 1);
        assertTrue(slots.quiet(1));
        assertEquals(0, slots.open());
    }

    @Test
    void aBeginInALaterChunkIsSeenByBothScans() {
        SlotTable slots = new SlotTable();
        int later = 5 * SlotTable.SLOTS_PER_CHUNK + 1;
        for (int rank = 0; rank < 2; rank++) {
            slots.lock(later, rank);
            slots.lockForked(later, rank);
            assertFalse(slots.quiet(rank));
            slots.unlock(0, rank);
            assertFalse(slots.quiet(rank));
            slots.unlock(later, rank);
            assertTrue(slots.quiet(rank));
        }
    }

    @Test
    void guestsAreCountedWithRegisteredReaders() {
        SlotTable slots = new SlotTable();
        assertEquals(0, slots.stripeCount(), "no guest yet, no memory for guests");
        slots.lockGuest(1);
        assertFalse(slots.quiet(1));
        assertTrue(slots.quiet(0));
        slots.lockForkedGuest(1);
        slots.unlock(2, 1); // a guest's section may end on a registered thread
        assertEquals(1, slots.open());
        assertFalse(slots.quiet(1));
        slots.lock(2, 0);
        slots.unlockGuest(1);
        assertTrue(slots.quiet(1));
        slots.unlockGuest(0); // and the other way round
        assertTrue(slots.quiet(0));
        assertEquals(0, slots.open());
        int stripes = slots.stripeCount();
        assertTrue(stripes >= 2 && Integer.bitCount(stripes) == 1, "stripes: " + stripes);
    }

    @Test
    void noCountOfGuestsOnOneStripeIsLost() throws Exception {
        SlotTable slots = new SlotTable();
        slots.lockGuest(0);
        slots.unlockGuest(0);
        int threads = slots.stripeCount() + 1; // two of them at least share a stripe
        CountDownLatch start = new CountDownLatch(1);
        List<Waits.Started<Boolean>> guests = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            guests.add(Waits.onThread(() -> {
                Waits.await(start);
                for (int n = 0; n < 100_000; n++) {
                    int rank = n & 1;
                    slots.lockGuest(rank);
                    slots.lockForkedGuest(rank);
                    slots.unlockGuest(rank);
                    slots.unlockGuest(rank);
                }
                return true;
            }));
        }
        start.countDown();
        for (Waits.Started<Boolean> guest : guests) {
            Waits.get(guest.task());
        }
        assertEquals(0, slots.open());
        assertTrue(slots.quiet(0));
        assertTrue(slots.quiet(1));
    }

    @Test
    void theFirstGuestMayComeUnderAScan() throws Exception {
        for (int round = 0; round < 200; round++) {
            SlotTable slots = new SlotTable();
            AtomicBoolean counted = new AtomicBoolean();
            Waits.Started<Boolean> guest = Waits.onThread(() -> {
                slots.lockGuest(0);
                counted.set(true);
                return true;
            });
            boolean seenBefore;
            do {
                seenBefore = counted.get();
                assertFalse(slots.quiet(0) && seenBefore, "a scan that starts after the count sees it");
            } while (!seenBefore);
            Waits.get(guest.task());
            slots.unlockGuest(0);
            assertTrue(slots.quiet(0));
        }
    }

    @Test
    void whatIsNoIndexIsRefused() {
        SlotTable slots = new SlotTable();
        assertThrows(IllegalArgumentException.class, () -> slots.lock(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> slots.lockForked(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> slots.unlock(-1, 0));
        assertEquals(0, slots.open());
    }

    @Test
    void zeroForgetsTheTotalsOfOneIndexOnly() {
        SlotTable slots = new SlotTable();
        slots.lock(1, 0);
        slots.lock(2, 1);
        slots.zero(1);
        slots.zero(999); // never used here
        assertTrue(slots.quiet(0));
        assertFalse(slots.quiet(1));
    }

    @Test
    void aRecycledIndexKeepsTheCountsOfItsOpenSection() throws Exception {
        ReadDomain domain = new ReadDomain("d");
        ReaderIndex first = ReaderIndex.acquire();
        long token = domain.downRead(first.value());
        first.close();
        first.close(); // again, it does nothing
        ReaderIndex second = ReaderIndex.acquire();
        assertEquals(first.value(), second.value(), "the lowest free index");
        assertEquals(1, domain.openSections());
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        long other = domain.downRead(second.value());
        domain.upRead(second.value(), token);
        domain.upRead(second.value(), other);
        domain.synchronize();
        assertEquals(0, domain.openSections());
        second.close();
    }

    @Test
    void closingAnIndexTwiceDoesNotFreeItsNextOwner() {
        ReaderIndex first = ReaderIndex.acquire();
        first.close();
        ReaderIndex second = ReaderIndex.acquire();
        first.close();
        ReaderIndex third = ReaderIndex.acquire();
        assertNotEquals(second.value(), third.value());
        second.close();
        third.close();
    }

    @Test
    void aThreadMayExitWithAnOpenToken() throws Exception {
        ReadDomain domain = new ReadDomain("d");
        long token = Waits.get(Waits.onReader(domain::downRead));
        for (int i = 0; i < 20; i++) { // threads come and go on the same index; the token stays open
            Waits.get(Waits.onReader(() -> {
                domain.upRead(domain.downRead());
                return true;
            }));
            assertEquals(1, domain.openSections());
        }
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        Waits.get(Waits.onReader(() -> {
            domain.upRead(token);
            return true;
        }));
        domain.synchronize();
    }

    @Test
    void aReaderThreadIsRegisteredOnlyWhileItRuns() throws Exception {
        FutureTask<Integer> body = new FutureTask<>(() -> {
            ReaderThread self = ReaderThread.currentOrNull();
            return self == null ? -2 : self.readerIndex();
        });
        ReaderThread thread = new ReaderThread("r", true, body);
        assertEquals(-1, thread.readerIndex());
        thread.start();
        assertTrue(Waits.get(body) >= 0);
        thread.join();
        assertEquals(-1, thread.readerIndex());
        assertTrue(thread.mayBlock());
        assertEquals(null, ReaderThread.currentOrNull());
    }

    @Test
    void theTableGrowsUnderScans() throws Exception {
        ReadDomain domain = new ReadDomain("d");
        AtomicBoolean stop = new AtomicBoolean();
        Waits.Started<Long> scanner = Waits.onThread(() -> {
            long rounds = 0;
            do {
                domain.synchronize();
                assertTrue(domain.openSections() >= 0);
                rounds++;
            } while (!stop.get());
            return rounds;
        });
        List<ReaderIndex> indexes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ReaderIndex index = ReaderIndex.acquire();
            indexes.add(index);
            long token = domain.downRead(index.value());
            assertTrue(domain.openSections() > 0);
            domain.upRead(indexes.get(i / 2).value(), token);
        }
        stop.set(true);
        assertTrue(Waits.get(scanner.task()) > 0);
        domain.synchronize();
        assertEquals(0, domain.openSections());
        indexes.forEach(ReaderIndex::close);
    }
}
