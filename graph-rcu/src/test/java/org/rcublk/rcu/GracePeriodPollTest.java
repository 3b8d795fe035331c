// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cookies: asking for a grace period without waiting, and the one thread that advances those of all domains. */
@Timeout(60)
class GracePeriodPollTest {
    private final ReadDomain domain = new ReadDomain("d");
    private final ReaderIndex index = ReaderIndex.acquire();
    private final int me = index.value();

    @AfterEach
    void release() {
        index.close();
    }

    @Test
    void theDriverElapsesACookie() {
        long cookie = domain.startPoll();
        Waits.until("the driver steps", () -> domain.poll(cookie));
        assertTrue(domain.poll(cookie), "and it stays elapsed");
    }

    @Test
    void aCookieWaitsForAnOpenSection() {
        long token = domain.downRead(me);
        long cookie = domain.startPoll();
        for (int i = 0; i < 1000; i++) {
            assertFalse(domain.step());
            assertFalse(domain.poll(cookie));
        }
        domain.upRead(me, token);
        Waits.until("the section has ended", () -> domain.poll(cookie));
    }

    @Test
    void aGracePeriodThatNobodyHoldsElapsesAsItIsAskedFor() {
        assertTrue(domain.poll(domain.startPollHere()));
    }

    @Test
    void aGracePeriodAskedForHereThatAReaderHoldsIsTheDrivers() {
        long token = domain.downRead(me);
        long cookie = domain.startPollHere();
        assertFalse(domain.poll(cookie));
        domain.upRead(me, token);
        Waits.until("the driver steps, nobody else does", () -> domain.poll(cookie));
    }

    @Test
    void aCookieNeverRidesARunningGracePeriod() {
        GracePeriods periods = periods(new SlotTable());
        assertEquals(2, periods.request(), "idle: the next one");
        SlotTable slots = new SlotTable();
        GracePeriods busy = periods(slots);
        slots.lock(me, 0);
        long first = busy.request();
        busy.step(); // flips, and waits for the reader of rank 0
        assertEquals(1, busy.rank());
        slots.lock(me, busy.rank()); // begins while the first one runs: the second must wait for it
        long second = busy.request();
        assertEquals(first + 2, second);
        slots.unlock(me, 0);
        busy.step();
        assertTrue(busy.elapsed(first));
        assertFalse(busy.elapsed(second));
        slots.unlock(me, 1);
        busy.step();
        assertTrue(busy.elapsed(second));
        assertTrue(busy.idle());
    }

    @Test
    void bothRanksAreScanned() {
        SlotTable slots = new SlotTable();
        GracePeriods periods = periods(slots);
        slots.lock(me, 1); // a reader that loaded the rank long ago and counts itself in the inactive one
        long cookie = periods.request();
        periods.step();
        assertFalse(periods.elapsed(cookie));
        assertEquals(0, periods.rank(), "no flip before the inactive rank is empty");
        slots.unlock(me, 1);
        periods.step();
        assertTrue(periods.elapsed(cookie));
    }

    @Test
    void requestsThatComeTogetherShareOneGracePeriod() {
        GracePeriods periods = periods(new SlotTable());
        long cookie = periods.request();
        assertEquals(cookie, periods.request());
        periods.step();
        assertTrue(periods.elapsed(cookie));
        assertEquals(cookie + 2, periods.request());
    }

    @Test
    void awaitElapsesOrMissesItsDeadline() {
        long token = domain.downRead(me);
        long cookie = domain.startPoll();
        assertFalse(domain.await(cookie, System.nanoTime() + Waits.SHORT.toNanos()));
        domain.upRead(me, token);
        assertTrue(domain.await(cookie, System.nanoTime() + Waits.LONG.toNanos()));
    }

    @Test
    void oneDriverThreadServesManyDomainsAndParksWhenNothingIsPending() {
        List<ReadDomain> domains = new ArrayList<>();
        List<Long> cookies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            domains.add(new ReadDomain("d" + i));
            cookies.add(domains.get(i).startPoll());
        }
        for (int i = 0; i < 50; i++) {
            int at = i;
            Waits.until("domain " + i, () -> domains.get(at).poll(cookies.get(at)));
        }
        List<Thread> drivers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("rcublk-gp"))
                .toList();
        assertEquals(1, drivers.size());
        // WAITING is the park without a bound: an idle process has no timer of ours.
        Waits.until("the driver parks", () -> drivers.get(0).getState() == Thread.State.WAITING);
        long again = domain.startPoll();
        Waits.until("it wakes again", () -> domain.poll(again));
    }

    @Test
    void aHungDomainDelaysNoOtherOfTheDriver() {
        long token = domain.downRead(me);
        long hung = domain.startPoll();
        for (int i = 0; i < 20; i++) {
            ReadDomain other = new ReadDomain("other");
            long cookie = other.startPoll();
            Waits.until("the other domain", () -> other.poll(cookie));
        }
        assertFalse(domain.poll(hung));
        domain.upRead(me, token);
        Waits.until("the hung one", () -> domain.poll(hung));
    }

    @Test
    void noRequestIsLostBetweenTheDriversStepAndItsRest() throws Exception {
        // Many short requests from two threads, each of which the driver alone may elapse.
        List<Waits.Started<Integer>> pollers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            pollers.add(Waits.onThread(() -> {
                for (int round = 0; round < 2000; round++) {
                    long cookie = domain.startPoll();
                    Waits.until("round " + round, () -> domain.poll(cookie));
                }
                return 2000;
            }));
        }
        for (Waits.Started<Integer> poller : pollers) {
            assertEquals(2000, poller.task().get());
        }
    }

    private static GracePeriods periods(SlotTable slots) {
        return new GracePeriods("none", 0, slots, new StallDetector("none", slots, List::of));
    }
}
