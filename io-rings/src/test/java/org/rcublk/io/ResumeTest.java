// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that wait: for a timer of their IOThread, or for a wake-up from another thread. */
@Timeout(60)
class ResumeTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private final TestDisk disk = new TestDisk();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void timersFireInTheOrderOfTheirDeadlines() {
        TestDisk.Client client = disk.client(64);
        Random random = new Random(2);
        List<Long> fired = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            request.startTimer(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(1000)) / 100);
            return 0;
        };
        disk.driver.resumed = (self, request) -> {
            assertTrue(request.timerDeadline <= System.nanoTime(), "not before its time");
            fired.add(request.timerDeadline);
            slots.add(request.index());
            request.complete(0);
        };
        for (int i = 0; i < 64; i++) {
            client.flush();
        }
        client.await(64); // all are set in one cycle, and timers are looked at after it
        assertEquals(fired.stream().sorted().toList(), fired);
        assertNotEquals(slots.stream().sorted().toList(), slots, "the delays are not in the order of submission");
        assertEquals(Long.MAX_VALUE, disk.driven.timers().untilNext());
    }

    @Test
    void aTimerOfCenturiesDoesNotFire() {
        TestDisk.Client client = disk.client(2);
        List<Request> waiting = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            waiting.add(request);
            request.startTimer(waiting.size() == 1 ? Long.MAX_VALUE : HOUR);
            return 0;
        };
        client.flush();
        client.flush();
        for (int i = 0; i < 100; i++) {
            disk.cycle();
        }
        assertEquals(2, client.queue.running());
        assertTrue(disk.driven.maxSleepNanos() > HOUR / 2);
        waiting.get(1).complete(0);
        assertTrue(disk.driven.maxSleepNanos() > HOUR, "the completed request's timer is off");
        waiting.get(0).complete(0);
        client.await(2);
        assertEquals(Long.MAX_VALUE, disk.driven.maxSleepNanos());
    }

    @Test
    void aDelayThatIsOverFiresAtOnce() {
        TestDisk.Client client = disk.client(1);
        disk.driver.submit = (self, request) -> {
            request.startTimer(-5);
            return 0;
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    @Test
    void thousandsOfTimersOnAThreadThatSleeps() {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 4096);
        Random random = new Random(3);
        disk.driver.submit = (self, request) -> {
            request.startTimer(random.nextInt(20_000_000));
            return 0;
        };
        for (int i = 0; i < 4096; i++) {
            client.flush();
        }
        client.await(4096);
        assertEquals(4096, client.completed.stream().distinct().count());
    }

    @Test
    void anOldTimerDoesNotReachTheSlotsNextUse() {
        TestDisk.Client client = disk.client(1);
        List<Request> waiting = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            waiting.add(request);
            if (waiting.size() == 1) {
                request.startTimer(TimeUnit.MILLISECONDS.toNanos(5));
            }
            return 0;
        };
        disk.driver.resumed = (self, request) -> request.complete(-Errno.EIO);
        client.flush();
        disk.cycle();
        waiting.get(0).complete(0); // what it waited for came before the time was up
        client.await(1);
        client.flush();
        disk.cycle();
        assertEquals(2, waiting.size());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
        while (System.nanoTime() - end < 0) {
            disk.cycle();
        }
        assertEquals(1, client.queue.running(), "the second use still waits");
        waiting.get(1).complete(0);
        client.await(1);
        assertEquals(0, client.status[0]);
    }

    @Test
    void aRequestHasOneTimerAtATime() {
        TestDisk.Client client = disk.client(1);
        disk.driver.submit = (self, request) -> {
            request.startTimer(HOUR);
            assertThrows(IllegalStateException.class, () -> request.startTimer(1));
            request.resume();
            return 0;
        };
        int[] rounds = {0};
        disk.driver.resumed = (self, request) -> {
            if (rounds[0]++ == 0) {
                request.startTimer(0); // the wake-up that came first took the old one off
            } else {
                request.complete(0);
            }
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(2, rounds[0]);
        assertEquals(Long.MAX_VALUE, disk.driven.timers().untilNext());
    }

    @Test
    void resumedOnItsOwnThreadFromAnother() throws Exception {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 32);
        ConcurrentLinkedQueue<Request> waiting = new ConcurrentLinkedQueue<>();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        disk.driver.submit = (self, request) -> {
            waiting.add(request);
            return 0;
        };
        disk.driver.resumed = (self, request) -> {
            if (!request.thread().isCurrent()) {
                wrong.add(Thread.currentThread().getName());
            }
            request.complete(0);
        };
        int total = 5_000;
        Waits.Started<Integer> waker = Waits.onThread(() -> {
            int woken = 0;
            long end = System.nanoTime() + Waits.LONG.toNanos();
            while (woken < total && System.nanoTime() - end < 0) {
                Request request = waiting.poll();
                if (request != null) {
                    request.resume();
                    woken++;
                }
            }
            return woken;
        });
        int submitted = 0;
        long end = System.nanoTime() + Waits.LONG.toNanos();
        while (client.completed.size() < total && System.nanoTime() - end < 0) {
            while (submitted < total && client.queue.freeSlots() > 0) {
                client.flush();
                submitted++;
            }
            client.poll();
        }
        assertEquals(total, Waits.get(waker.task()));
        assertEquals(total, client.completed.size());
        assertEquals(List.of(), wrong);
    }

    @Test
    void aRequestThatKeepsResumingItselfStarvesNoOther() {
        TestDisk.Client client = disk.client(1);
        TestDisk.Client other = disk.client(disk.device, disk.driven, 1);
        boolean[] stop = {false};
        disk.driver.submit = (self, request) -> {
            if (request.op() == BlockOp.DISCARD) {
                request.resume();
                return 0;
            }
            return disk.driver.serve(request);
        };
        disk.driver.resumed = (self, request) -> {
            if (stop[0]) {
                request.complete(0);
            } else {
                request.resume();
            }
        };
        client.submit(BlockOp.DISCARD, 0, 0);
        disk.cycle();
        assertEquals(0, other.io(BlockOp.FLUSH, 0, 0));
        stop[0] = true;
        client.await(1);
    }

    @Test
    void resumingARequestThatIsOverIsReportedAndHarmless() {
        TestDisk.Client client = disk.client(1);
        disk.driver.submit = (self, request) -> {
            request.resume();
            return disk.driver.serve(request);
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.cycle();
        assertNotEquals(
                0, CapturedLogs.with("resumed a request that does not wait").size());
        assertEquals(1, client.completed.size());
        assertFalse(client.queue.hasCompletions());
    }
}
