// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.Drain;

/** The end of queues and of IOThreads: nothing accepted is lost, and nothing waits for what cannot come. */
@Timeout(60)
class QueueCloseTest {
    private final TestDisk disk = new TestDisk();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void closingWaitsForRunningRequestsAndRefusesTheOthers() {
        TestDisk.Client client = disk.client(4);
        List<Request> held = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        int running = client.flush();
        disk.cycle();
        Waits.Started<Drain<PlanNode>> drainer = Waits.onThread(() -> disk.drain("disk0"));
        Waits.until("the gate", () -> disk.live.current().route("root0").gated());
        int parked = client.flush();
        disk.cycle();
        assertEquals(1, disk.device.parkedRequests());
        int queued = client.flush();
        AtomicInteger closed = new AtomicInteger();
        client.queue.close(closed::incrementAndGet);
        disk.cycle();
        client.poll();
        assertEquals(List.of(parked, queued), client.completed);
        assertEquals(-Errno.ESHUTDOWN, client.status[parked]);
        assertEquals(-Errno.ESHUTDOWN, client.status[queued]);
        assertEquals(0, closed.get(), "one request still runs");
        assertEquals(1, disk.device.queues().size());
        held.get(0).complete(0);
        client.await(1);
        assertEquals(0, client.status[running]);
        disk.cycle();
        assertEquals(1, closed.get());
        assertEquals(List.of(), disk.device.queues());
        assertEquals(1, disk.device.parkedTotal(), "the count outlives the queue");
        Waits.until("the drain", drainer.task()::isDone);
        drainer.task().resultNow().close();
    }

    @Test
    void theProducerIsToldOfTheLastCompletions() {
        TestDisk.Client client = disk.client(4);
        client.flush();
        AtomicBoolean toldBeforeClosed = new AtomicBoolean();
        client.queue.close(() -> toldBeforeClosed.set(disk.notified.get() > 0));
        disk.cycle();
        assertEquals(1, disk.notified.get());
        assertTrue(toldBeforeClosed.get());
        client.await(1);
        assertEquals(-Errno.ESHUTDOWN, client.status[client.completed.get(0)]);
    }

    @Test
    void everyoneWhoClosesIsTold() {
        TestDisk.Client client = disk.client(1);
        List<String> told = new ArrayList<>();
        client.queue.close(() -> {
            told.add("first");
            throw new IllegalStateException("bug of who closes");
        });
        client.queue.close(() -> told.add("second"));
        disk.cycle();
        client.queue.close(() -> told.add("late"));
        disk.cycle();
        assertEquals(List.of("first", "second", "late"), told);
    }

    @Test
    void closingRacesWithReleases() throws Exception {
        IoThread thread = disk.started("io0");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger drains = new AtomicInteger();
        Waits.Started<Integer> control = Waits.onThread(() -> {
            while (!stop.get()) {
                disk.drain("disk0").close();
                drains.incrementAndGet();
            }
            return drains.get();
        });
        long end = System.nanoTime() + Waits.LONG.toNanos();
        for (int i = 0; (i < 200 || drains.get() < 50) && System.nanoTime() - end < 0; i++) {
            TestDisk.Client client = disk.client(disk.device, thread, 4);
            for (int n = 0; n < 4; n++) {
                client.flush();
            }
            CountDownLatch closed = new CountDownLatch(1);
            client.queue.close(closed::countDown);
            Waits.await(closed);
            client.poll();
            assertEquals(4, client.completed.size(), "round " + i);
        }
        stop.set(true);
        assertTrue(Waits.get(control.task()) >= 50);
        assertEquals(List.of(), disk.device.queues());
    }

    @Test
    void queuesComeAndGoWhileTheThreadRuns() {
        IoThread thread = disk.started("io0");
        TestDisk.Client steady = disk.client(disk.device, thread, 4);
        for (int i = 0; i < 200; i++) {
            TestDisk.Client guest = disk.client(disk.device, thread, 1);
            assertEquals(0, guest.io(BlockOp.FLUSH, 0, 0));
            assertEquals(0, steady.io(BlockOp.FLUSH, 0, 0));
            guest.queue.close(() -> {});
        }
        Waits.until("all guests are gone", () -> disk.device.queues().size() == 1);
    }

    /** The IOThread takes a queue off its list while another thread waits for it to end. */
    @Test
    void anIoThreadEndsWhileItClosesAQueue() throws Exception {
        IoThread thread = disk.started("io0");
        Virtqueue queue = disk.device.openQueue(thread, 1, () -> {});
        CountDownLatch inCycle = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        thread.execute(
                () -> { // one cycle: this waits, then the queue's end runs
                    inCycle.countDown();
                    Waits.await(goOn);
                });
        Waits.await(inCycle);
        queue.close(() -> closed.set(true));
        Waits.Started<Boolean> closer = Waits.onThread(() -> {
            thread.close();
            return true;
        });
        closer.untilItWaits(); // for the thread to end
        goOn.countDown();
        assertTrue(Waits.get(closer.task()));
        assertTrue(closed.get());
    }

    /** Reports and openers of queues must not hold up an IOThread, whatever they hold themselves. */
    @Test
    void aQueueIsClosedWhileSomebodyHoldsTheDevicesMonitor() {
        IoThread thread = disk.started("io0");
        Virtqueue queue = disk.device.openQueue(thread, 1, () -> {});
        CountDownLatch closed = new CountDownLatch(1);
        synchronized (disk.device) {
            queue.close(closed::countDown);
            Waits.await(closed);
        }
        assertEquals(List.of(), disk.device.queues());
    }

    @Test
    void anIoThreadLeavesNoThread() {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        for (int i = 0; i < 20; i++) {
            IoThread thread = new IoThread("short-lived", owner -> new TestDisk.NoEngine(), 0);
            assertFalse(thread.isCurrent());
            thread.start();
            if (i % 2 == 0) {
                CountDownLatch ran = new CountDownLatch(1);
                thread.execute(() -> {
                    if (thread.isCurrent() && thread.readerIndex() >= 0) {
                        ran.countDown();
                    }
                });
                Waits.await(ran);
            }
            thread.close();
            thread.close(); // again, it does nothing
        }
        // A thread that had not begun when it was closed ends by itself, a moment later.
        Waits.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread ->
                                !before.contains(thread) && thread.getName().equals("short-lived")));
        assertNotNull(disk.driven.name());
    }
}
