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
