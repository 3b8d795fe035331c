// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that are not registered, virtual ones among them, are readers like others. */
@Timeout(60)
class GuestTest {
    private final ReadDomain domain = new ReadDomain("d");

    @Test
    void aGracePeriodWaitsForAGuest() throws Exception {
        long token = domain.downRead();
        assertEquals(1, domain.openSections());
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        domain.upRead(token);
        domain.synchronize(Waits.LONG);
    }

    @Test
    void aGuestEndsWhatAReaderThreadBeganAndTheOtherWayRound() throws Exception {
        long begunByReader = Waits.get(Waits.onReader(domain::downRead));
        long begunByGuest = domain.downRead();
        assertEquals(2, domain.openSections());
        domain.upRead(begunByReader);
        Waits.get(Waits.onReader(() -> {
            domain.upRead(begunByGuest);
            return true;
        }));
        assertEquals(0, domain.openSections());
        domain.synchronize(Waits.LONG);
    }

    @Test
    void aForkOfAGuestHoldsTheGracePeriod() throws Exception {
        long parent = domain.downRead();
        long child = domain.forkRead(parent);
        domain.upRead(parent);
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        domain.upRead(child);
        domain.synchronize(Waits.LONG);
    }

    @Test
    void virtualThreadsShareStripesAndLoseNoCount() throws Exception {
        ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 0; round < 1_000; round++) {
                    tokens.add(domain.downRead());
                    Long token = tokens.poll(); // most often one that another thread began
                    if (token != null) {
                        domain.upRead(token);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, tokens.size());
        assertEquals(0, domain.openSections());
        domain.synchronize(Waits.LONG);
    }
}
