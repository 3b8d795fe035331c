// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sections and grace periods, one thing at a time: guarantees B and I. */
@Timeout(60)
class ReadDomainTest {
    private final ReadDomain domain = new ReadDomain("d");
    private final ReaderIndex index = ReaderIndex.acquire();
    private final int me = index.value();

    @AfterEach
    void release() {
        index.close();
    }

    @Test
    void synchronizeReturnsWhenNobodyReads() {
        domain.synchronize();
        assertTrue(domain.lastGracePeriodNanos() > 0);
        assertEquals(0, domain.openSections());
    }

    @Test
    void synchronizeWaitsForASectionThatBeganBefore() throws Exception {
        long token = domain.downRead(me);
        assertEquals(1, domain.openSections());
        Waits.Started<Boolean> writer = Waits.onThread(() -> {
            domain.synchronize();
            return true;
        });
        writer.untilItWaits();
        assertFalse(writer.task().isDone());
        domain.upRead(me, token);
        assertTrue(Waits.get(writer.task()));
        assertEquals(0, domain.openSections());
    }

    @Test
    void synchronizeDoesNotWaitForALaterSection() throws Exception {
        long early = domain.downRead(me);
        Waits.Started<Boolean> writer = Waits.onThread(() -> {
            domain.synchronize();
            return true;
        });
        writer.untilItWaits();
        // The rank in use flips at once, because nobody reads in the inactive one: from then on readers are later ones.
        Waits.until("the flip", () -> {
            long probe = domain.downRead(me);
            domain.upRead(me, probe);
            return probe != early;
        });
        long late = domain.downRead(me);
        domain.upRead(me, early);
        assertTrue(Waits.get(writer.task()), "the later section is still open");
        assertEquals(1, domain.openSections());
        domain.upRead(me, late);
    }

    @Test
    void overlappingSectionsNeverStarveAWriter() throws Exception {
        long open = domain.downRead(me);
        Waits.Started<Integer> writer = Waits.onThread(() -> {
            for (int i = 0; i < 100; i++) {
                domain.synchronize();
            }
            return 100;
        });
        while (!writer.task().isDone()) {
            long next = domain.downRead(me); // at every moment at least one section is open
            domain.upRead(me, open);
            open = next;
        }
        assertEquals(100, Waits.get(writer.task()));
        domain.upRead(me, open);
    }

    @Test
    void aSectionMayEndOnAnotherThread() throws Exception {
        long token = Waits.get(Waits.onReader(domain::downRead));
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        Waits.get(Waits.onReader(() -> {
            domain.upRead(token);
            return true;
        }));
        domain.synchronize();
        assertEquals(0, domain.openSections());
    }

    @Test
    void aForkedSectionHoldsTheGracePeriodOfItsParent() throws Exception {
        long parent = domain.downRead(me);
        Waits.Started<Boolean> writer = Waits.onThread(() -> {
            domain.synchronize();
            return true;
        });
        writer.untilItWaits();
        Waits.until("the flip", () -> {
            long probe = domain.downRead(me);
            domain.upRead(me, probe);
            return probe != parent;
        });
        long child = domain.forkRead(me, parent);
        domain.upRead(me, parent);
        assertEquals(1, domain.openSections());
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        assertFalse(writer.task().isDone(), "the child was forked after the flip and must still be waited for");
        domain.upRead(me, child);
        assertTrue(Waits.get(writer.task()));
    }

    @Test
    void forksOnReaderThreads() throws Exception {
        long child = Waits.get(Waits.onReader(() -> {
            long parent = domain.downRead();
            long forked = domain.forkRead(parent);
            domain.upRead(parent);
            return forked;
        }));
        assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        domain.upRead(me, child);
        domain.synchronize();
    }

    @Test
    void aMissedDeadlineSaysWhatIsOpenAndSpoilsNothing() throws Exception {
        long token = domain.downRead(me);
        TimeoutException late = assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
        assertTrue(late.getMessage().contains("domain d"), late.getMessage());
        assertTrue(late.getMessage().contains("1 read sections"), late.getMessage());
        domain.upRead(me, token);
        domain.synchronize(Waits.LONG);
        domain.synchronize();
    }

    @Test
    void patienceWithoutEndIsNoError() throws Exception {
        domain.synchronize(ChronoUnit.FOREVER.getDuration());
        assertTrue(domain.close(ChronoUnit.FOREVER.getDuration()));
    }

    @Test
    void noPatienceAtAllStillTriesOnce() throws Exception {
        domain.synchronize(Duration.ZERO);
        long token = domain.downRead(me);
        assertThrows(TimeoutException.class, () -> domain.synchronize(Duration.ZERO));
        domain.upRead(me, token);
    }

    @Test
    void theInterruptFlagIsKept() throws Exception {
        long token = domain.downRead(me);
        Waits.Started<Boolean> writer = Waits.onThread(() -> {
            Thread.currentThread().interrupt();
            domain.synchronize();
            return Thread.currentThread().isInterrupted();
        });
        writer.untilItWaits();
        assertFalse(writer.task().isDone(), "an interrupt does not end the wait");
        domain.upRead(me, token);
        assertTrue(Waits.get(writer.task()));

        long again = domain.downRead(me);
        assertTrue(Waits.get(Waits.onThread(() -> {
                    Thread.currentThread().interrupt();
                    assertThrows(TimeoutException.class, () -> domain.synchronize(Waits.SHORT));
                    return Thread.currentThread().isInterrupted();
                })
                .task()));
        domain.upRead(me, again);
    }

    @Test
    void waitingOnAnIoThreadThrows() throws Exception {
        FutureTask<Boolean> body = new FutureTask<>(() -> {
            long cookie = domain.startPoll();
            for (Runnable wait : new Runnable[] {
                domain::synchronize,
                domain::close,
                domain::barrier,
                () -> domain.retire(() -> {}),
                () -> domain.await(cookie, Long.MAX_VALUE)
            }) {
                IllegalStateException refused = assertThrows(IllegalStateException.class, wait::run);
                assertTrue(refused.getMessage().contains("IOThread io0"), refused.getMessage());
                assertTrue(refused.getMessage().contains("startPoll"), "names the mend: " + refused.getMessage());
            }
            assertThrows(IllegalStateException.class, () -> domain.synchronize(Waits.SHORT));
            Waits.until("polling is allowed", () -> domain.poll(cookie));
            return true;
        });
        new ReaderThread("io0", false, body).start();
        assertTrue(Waits.get(body));
    }

    @Test
    void aReaderIndexThatIsNoneIsRefused() {
        long token = domain.downRead(me);
        for (Runnable call : new Runnable[] {
            () -> domain.downRead(-1), () -> domain.upRead(-1, token), () -> domain.forkRead(-2, token)
        }) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call::run);
            assertTrue(refused.getMessage().contains("ReaderIndex"), refused.getMessage());
        }
        domain.upRead(me, token);
        assertEquals(0, domain.openSections());
    }

    @Test
    void aTokenOfAnotherDomainIsRefused() {
        ReadDomain other = new ReadDomain("other");
        long token = domain.downRead(me);
        for (Runnable call : new Runnable[] {() -> other.upRead(me, token), () -> other.forkRead(me, token)}) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call::run);
            assertTrue(refused.getMessage().contains("another domain"), refused.getMessage());
        }
        assertEquals(0, other.openSections(), "nothing was counted");
        domain.upRead(me, token);
    }

    @Test
    void noSectionBeginsAfterClose() {
        long open = domain.downRead(me);
        assertFalse(domain.close(Waits.SHORT));
        for (Runnable call : new Runnable[] {domain::downRead, () -> domain.downRead(me), domain::read}) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, call::run);
            assertTrue(refused.getMessage().contains("is closed"), refused.getMessage());
        }
        long child = domain.forkRead(me, open); // what was left open goes on, and is still counted
        domain.upRead(me, open);
        assertEquals(1, domain.openSections());
        domain.upRead(me, child);
        assertTrue(domain.close(Waits.LONG));
    }

    @Test
    void closeReportsAnOpenSectionInsteadOfHanging() {
        long token = domain.downRead(me);
        assertFalse(domain.close(Waits.SHORT));
        assertTrue(domain.isClosed());
        domain.upRead(me, token);
        assertTrue(domain.close(Waits.LONG));
    }

    @Test
    void closeReportsAReleaseThatHangs() {
        CountDownLatch hung = new CountDownLatch(1);
        domain.retire(() -> Waits.await(hung));
        assertFalse(domain.close(Waits.SHORT));
        assertEquals(1, domain.pendingReleases());
        hung.countDown();
        assertTrue(domain.close(Waits.LONG));
        assertEquals(0, domain.pendingReleases());
    }

    @Test
    void domainsAreApart() {
        ReadDomain other = new ReadDomain("other");
        long token = domain.downRead(me);
        other.synchronize();
        assertEquals(0, other.openSections());
        domain.upRead(me, token);
    }
}
