// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A flood of retirements waits, a barrier waits for what was retired before it, and stages come when theirs elapsed. */
@Timeout(60)
class BackPressureTest {
    private static final int LIMIT = 4;

    private final AtomicInteger released = new AtomicInteger();
    private final ReadDomain domain =
            new ReadDomain("small", task -> Thread.ofVirtual().start(task), LIMIT);

    @Test
    void aFloodWaitsForReadersAndLosesNothing() throws Exception {
        long token = domain.downRead();
        AtomicInteger retired = new AtomicInteger();
        Waits.Started<Boolean> flood = Waits.onThread(() -> {
            for (int i = 0; i < 100; i++) {
                domain.retire(released::incrementAndGet);
                retired.incrementAndGet();
            }
            return true;
        });
        Waits.until("the limit is reached", () -> retired.get() == LIMIT);
        flood.untilItWaits();
        assertEquals(LIMIT, domain.pendingReleases());
        assertFalse(domain.tryRetire(() -> {}), "no room, and no wait");
        assertEquals(0, released.get());
        domain.upRead(token);
        assertTrue(Waits.get(flood.task()));
        domain.barrier();
        assertEquals(100, released.get());
        assertTrue(domain.tryRetire(() -> {}));
    }

    @Test
    void aReleaseThatRetiresNeverWaits() throws Exception {
        domain.retire(() -> {
            for (int i = 0; i < 10 * LIMIT; i++) {
                domain.retire(released::incrementAndGet);
            }
        });
        domain.barrier(Waits.LONG); // of the outer one: it has queued the others when it is over
        domain.barrier(Waits.LONG);
        assertEquals(10 * LIMIT, released.get());
    }

    @Test
    void aBarrierWaitsForWhatRunsAndNotForWhatComesLater() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        domain.retire(() -> {
            running.countDown();
            Waits.await(first);
            released.incrementAndGet();
        });
        Waits.await(running);
        TimeoutException missed = assertThrows(TimeoutException.class, () -> domain.barrier(Waits.SHORT));
        assertTrue(
                missed.getMessage().contains("1 releases are pending, one of which has been running"),
                missed::getMessage);
        Waits.Started<Integer> barrier = Waits.onThread(() -> {
            domain.barrier();
            return released.get();
        });
        barrier.untilItWaits();
        domain.retire(() -> Waits.await(second));
        first.countDown();
        assertEquals(1, Waits.get(barrier.task()));
        second.countDown();
        domain.barrier();
    }

    @Test
    void aBarrierInAReleaseThrowsInsteadOfWaitingForItself() {
        AtomicInteger refused = new AtomicInteger();
        domain.retire(() -> {
            assertThrows(IllegalStateException.class, domain::barrier);
            assertThrows(IllegalStateException.class, domain::close);
            refused.incrementAndGet();
        });
        domain.barrier();
        assertEquals(1, refused.get());
    }

    @Test
    void aStageCompletesAfterItsGracePeriodAndNotBehindAHungRelease() {
        CountDownLatch hung = new CountDownLatch(1);
        domain.retire(() -> Waits.await(hung));
        Waits.until("the release runs", () -> domain.pendingReleases() == 1);
        long token = domain.downRead();
        AtomicInteger completed = new AtomicInteger();
        long cookie = domain.startPoll();
        domain.whenElapsed(cookie).thenRun(completed::incrementAndGet);
        domain.whenElapsed(cookie).thenRun(completed::incrementAndGet);
        assertFalse(domain.poll(cookie));
        assertEquals(0, completed.get());
        domain.upRead(token);
        Waits.until("both stages complete", () -> completed.get() == 2);
        assertTrue(domain.poll(cookie));
        domain.whenElapsed(cookie).thenRun(completed::incrementAndGet);
        assertEquals(3, completed.get(), "elapsed already");
        hung.countDown();
        domain.barrier();
    }

    @Test
    void whatDependsOnOneStageDelaysNoOther() {
        CountDownLatch blocked = new CountDownLatch(1);
        ReadDomain apart = new ReadDomain("apart");
        long token = apart.downRead();
        long cookie = apart.startPoll();
        AtomicInteger completed = new AtomicInteger();
        apart.whenElapsed(cookie).thenRun(() -> Waits.await(blocked));
        apart.whenElapsed(cookie).thenRun(completed::incrementAndGet);
        apart.upRead(token);
        Waits.until("the second stage completes", () -> completed.get() == 1);
        blocked.countDown();
    }

    @Test
    void whatAnExecutorRefusesIsTriedAgain() {
        AtomicInteger refusals = new AtomicInteger(3);
        ReadDomain picky = new ReadDomain("picky", task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new RejectedExecutionException("as this test wants");
            }
            Thread.ofVirtual().start(task);
        });
        long token = picky.downRead();
        AtomicInteger completed = new AtomicInteger();
        picky.whenElapsed(picky.startPoll()).thenRun(completed::incrementAndGet);
        picky.upRead(token);
        Waits.until("the stage completes, and nobody asks again", () -> completed.get() == 1);
        refusals.set(3);
        picky.retire(completed::incrementAndGet);
        Waits.until("the release runs, and nobody asks again", () -> completed.get() == 2);
    }

    @Test
    void closeWaitsForWhatReleasesRetire() {
        ReadDomain nested = new ReadDomain("nested");
        nested.retire(() -> nested.retire(() -> nested.retire(released::incrementAndGet)));
        assertTrue(nested.close(Waits.LONG));
        assertEquals(0, nested.pendingReleases());
        assertEquals(1, released.get());
    }

    @Test
    void aCookieThatNobodyAskedForIsRefused() {
        for (Runnable call : new Runnable[] {
            () -> domain.whenElapsed(1_000), () -> domain.retire(1_000, () -> {}), () -> domain.await(1_000, 0)
        }) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call::run);
            assertTrue(refused.getMessage().contains("startPoll"), refused.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> new ReadDomain("none", Runnable::run, 0));
        ReadDomain ahead = new ReadDomain("ahead");
        for (int i = 0; i < 10; i++) {
            ahead.synchronize();
        }
        long foreign = domain.startPoll();
        assertThrows(IllegalArgumentException.class, () -> ahead.poll(foreign), "another domain's");
        assertThrows(IllegalArgumentException.class, () -> ahead.retire(foreign, () -> {}));
    }
}
