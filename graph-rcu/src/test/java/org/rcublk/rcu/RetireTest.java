// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deferred releases: after their grace period, once, in order, one at a time, and none in the way of another domain. */
@Timeout(60)
class RetireTest {
    private final ReadDomain domain = new ReadDomain("d");
    private final ReaderIndex index = ReaderIndex.acquire();
    private final int me = index.value();

    @AfterEach
    void release() {
        index.close();
    }

    private void allReleased() {
        Waits.until("all releases have run", () -> domain.pendingReleases() == 0);
    }

    @Test
    void aReleaseWaitsForTheSectionsBeforeIt() {
        AtomicBoolean released = new AtomicBoolean();
        long token = domain.downRead(me);
        domain.retire(() -> released.set(true));
        ReadDomain other = new ReadDomain("other"); // proves that the driver has made rounds meanwhile
        for (int i = 0; i < 20; i++) {
            long cookie = other.startPoll();
            Waits.until("a round of the driver", () -> other.poll(cookie));
            assertFalse(released.get());
        }
        assertEquals(1, domain.pendingReleases());
        domain.upRead(me, token);
        allReleased();
        assertTrue(released.get());
    }

    @Test
    void releasesRunOnceAndInOrderOneAtATime() {
        List<Integer> order = new CopyOnWriteArrayList<>();
        AtomicInteger active = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        for (int i = 0; i < 500; i++) {
            int number = i;
            domain.retire(() -> {
                if (active.incrementAndGet() > 1) {
                    overlapped.set(true);
                }
                order.add(number);
                active.decrementAndGet();
            });
        }
        allReleased();
        assertEquals(IntStream.range(0, 500).boxed().toList(), order);
        assertFalse(overlapped.get());
    }

    @Test
    void anOlderCookieWaitsForTheReleaseBeforeIt() {
        List<String> order = new CopyOnWriteArrayList<>();
        long early = domain.startPoll();
        Waits.until("the early grace period", () -> domain.poll(early));
        long token = domain.downRead(me);
        domain.retire(() -> order.add("first"));
        domain.retire(early, () -> order.add("second"));
        domain.upRead(me, token);
        allReleased();
        assertEquals(List.of("first", "second"), order);
    }

    @Test
    void aCookieThatHasElapsedReleasesAtOnce() {
        long cookie = domain.startPoll();
        Waits.until("the grace period", () -> domain.poll(cookie));
        long token = domain.downRead(me); // a later section does not hold it back
        domain.retire(cookie, () -> {});
        allReleased();
        domain.upRead(me, token);
    }

    @Test
    void aFailingReleaseTouchesNoOther() {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            boolean fails = i % 2 == 0;
            domain.retire(() -> {
                ran.incrementAndGet();
                if (fails) {
                    throw new java.io.IOException("bad descriptor");
                }
                throw new AssertionError("even an error");
            });
        }
        domain.retire(ran::incrementAndGet);
        allReleased();
        assertEquals(11, ran.get());
    }

    @Test
    void anInterruptFlagThatAReleaseLeavesDoesNotReachTheNext() {
        AtomicBoolean interrupted = new AtomicBoolean();
        // Both are due before the first runs, so one thread runs them in turn.
        long token = domain.downRead(me);
        domain.retire(() -> Thread.currentThread().interrupt());
        domain.retire(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        domain.upRead(me, token);
        allReleased();
        assertFalse(interrupted.get(), "it would close the file channels that the next release works on");
    }

    @Test
    void noReleaseRunsOnTheCallersThread() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        domain.retire(() -> threads.add(Thread.currentThread()));
        domain.synchronize(); // the caller completes the grace period itself, and still runs no release
        domain.step();
        allReleased();
        assertNotEquals(Thread.currentThread(), threads.get(0));
        assertFalse(threads.get(0).getName().equals("rcublk-gp"), "nor on the driver's");
    }

    @Test
    void aReleaseMayWaitForAGracePeriodOfItsOwnDomain() {
        AtomicInteger depth = new AtomicInteger();
        domain.retire(() -> {
            domain.synchronize();
            domain.retire(depth::incrementAndGet);
            domain.synchronize();
            depth.incrementAndGet();
        });
        allReleased();
        assertEquals(2, depth.get());
    }

    @Test
    void aSlowReleaseDelaysNoOtherDomain() {
        CountDownLatch slow = new CountDownLatch(1);
        domain.retire(() -> Waits.await(slow));
        ReadDomain other = new ReadDomain("other");
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            other.retire(ran::incrementAndGet);
            other.synchronize();
        }
        Waits.until("the other domain's releases", () -> ran.get() == 10);
        assertEquals(1, domain.pendingReleases());
        slow.countDown();
        allReleased();
    }

    @Test
    void anExecutorThatRefusesStopsNeitherTheDriverNorTheDomain() {
        AtomicBoolean refuse = new AtomicBoolean(true);
        AtomicInteger refusals = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        ReadDomain picky = new ReadDomain("picky", task -> {
            if (refuse.get()) {
                refusals.incrementAndGet();
                throw new RejectedExecutionException("full");
            }
            Thread.ofVirtual().start(task);
        });
        picky.retire(ran::incrementAndGet);
        Waits.until("the driver meets the refusal", () -> refusals.get() > 0);
        long cookie = domain.startPoll(); // of another domain, on the driver that met it
        Waits.until("the driver lives", () -> domain.poll(cookie));
        refuse.set(false);
        picky.synchronize();
        Waits.until("the release runs after all", () -> ran.get() == 1);
    }

    @Test
    void manyThreadsRetireAndEachReleaseRunsOnce() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<Waits.Started<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(Waits.onThread(() -> {
                for (int n = 0; n < 500; n++) {
                    domain.retire(ran::incrementAndGet);
                }
                return true;
            }));
        }
        for (Waits.Started<Boolean> writer : writers) {
            assertTrue(Waits.get(writer.task()));
        }
        allReleased();
        assertEquals(2000, ran.get());
    }
}
