// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Storage workers behind the NIO engine: everything completes, and what hangs holds up itself alone. */
@Timeout(120)
class StorageWorkersTest {
    private final TestDisk disk = new TestDisk();
    private final List<StorageWorkers> pools = new ArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
        pools.forEach(StorageWorkers::close);
    }

    private IoThread thread(StorageWorkers workers) {
        return disk.started(new IoThread("io0", workers::engine, 0));
    }

    private StorageWorkers workers(int count) {
        StorageWorkers workers = new StorageWorkers(count);
        pools.add(workers);
        return workers;
    }

    private void target(StorageTarget target) {
        disk.driver.submit = (self, request) -> {
            request.thread().engine().submit(request, target);
            return 0;
        };
    }

    @Test
    void everythingCompletesWithTheTargetsStatus() {
        IoThread thread = thread(workers(2));
        TestDisk.Client client = disk.client(disk.device, thread, 64);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        target(request -> {
            threads.add(Thread.currentThread().getName());
            return request.op() == BlockOp.DISCARD ? -Errno.ENOTSUP : disk.driver.perform(request);
        });
        for (int i = 0; i < 2_000; i++) {
            while (client.queue.freeSlots() == 0) {
                client.poll();
            }
            client.flush();
        }
        Waits.until("all", () -> client.poll() >= 0 && client.completed.size() == 2_000);
        assertEquals(-Errno.ENOTSUP, client.io(BlockOp.DISCARD, 0, 512));
        assertTrue(threads.stream().allMatch(name -> name.startsWith("rcublk-storage-")), threads.toString());
    }

    /** One request at a time, so that workers and IOThread go to sleep between two. */
    @Test
    void noWakeUpOfAWorkerIsLost() {
        for (int count : new int[] {1, 3}) {
            IoThread thread = thread(workers(count));
            TestDisk.Client client = disk.client(disk.device, thread, 1);
            target(request -> 0);
            for (int i = 0; i < 1_000; i++) {
                assertEquals(0, client.io(BlockOp.FLUSH, 0, 0), "round " + i);
            }
        }
    }

    @Test
    void workersThatHangHoldUpTheirOwnRequestsOnly() {
        IoThread thread = thread(workers(4));
        TestDisk.Client client = disk.client(disk.device, thread, 16);
        CountDownLatch hang = new CountDownLatch(1);
        AtomicInteger hung = new AtomicInteger();
        target(request -> {
            if (request.op() == BlockOp.DISCARD) {
                hung.incrementAndGet();
                Waits.await(hang);
            }
            return 0;
        });
        for (int i = 1; i <= 3; i++) {
            int now = i;
            client.submit(BlockOp.DISCARD, 0, 0);
            Waits.until("worker " + i + " hangs", () -> hung.get() == now);
            for (int n = 0; n < 20; n++) {
                client.flush();
                client.await(1);
            }
        }
        assertEquals(60, client.completed.size());
        hang.countDown();
        client.await(3);
    }

    /** The IOThread never sleeps, because another queue keeps it busy, and still sees that the workers stand still. */
    @Test
    void aBusyIoThreadNoticesThatEveryAwakeWorkerHangs() {
        StorageWorkers workers = workers(2);
        IoThread thread = thread(workers);
        TestDisk.Client client = disk.client(disk.device, thread, 4);
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        boolean[] busy = {true};
        target(request -> {
            if (request.op() == BlockOp.DISCARD) {
                hangs.countDown();
                Waits.await(hang);
            }
            return 0;
        });
        client.submit(BlockOp.DISCARD, 0, 0);
        Waits.await(hangs);
        Runnable spin = new Runnable() {
            @Override
            public void run() {
                if (busy[0]) {
                    thread.execute(this); // a cycle with work follows every cycle
                }
            }
        };
        thread.execute(spin);
        for (int i = 0; i < 10; i++) {
            client.flush();
            client.await(1);
        }
        thread.execute(() -> busy[0] = false);
        hang.countDown();
        client.await(1);
    }

    @Test
    void moreRequestsThanTheRingsHoldWaitTheirTurn() {
        IoThread thread = thread(workers(1));
        int depth = 6000; // the engine's ring holds 1024, the workers' 4096
        TestDisk.Client client = disk.client(disk.device, thread, depth);
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> order = new ArrayList<>();
        target(request -> {
            Waits.await(go);
            order.add(request.index()); // one worker
            return 0;
        });
        List<Integer> submitted = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            submitted.add(client.flush());
        }
        Waits.until("all are with the engine", () -> client.queue.running() == depth);
        go.countDown();
        client.await(depth);
        assertEquals(submitted, order);
        assertEquals(depth, client.completed.stream().distinct().count());
    }

    @Test
    void severalIoThreadsFillTheWorkersRing() {
        StorageWorkers workers = workers(2);
        CountDownLatch go = new CountDownLatch(1);
        target(request -> {
            Waits.await(go);
            return 0;
        });
        List<TestDisk.Client> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) { // 6 x 1024 on their way, and the workers' ring holds 4096
            clients.add(disk.client(disk.device, thread(workers), 1500));
        }
        for (TestDisk.Client client : clients) {
            for (int i = 0; i < 1500; i++) {
                client.flush();
            }
        }
        for (TestDisk.Client client : clients) {
            Waits.until("all are with the engine", () -> client.queue.running() == 1500);
        }
        go.countDown();
        clients.forEach(client -> client.await(1500));
    }

    @Test
    void aThrowingTargetFailsItsRequestAndTheWorkerLives() {
        IoThread thread = thread(workers(1));
        TestDisk.Client client = disk.client(disk.device, thread, 2);
        target(request -> {
            throw new IllegalStateException("bug of a target");
        });
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(1, CapturedLogs.with("bug of a target").size());
        target(request -> 0);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    @Test
    void asManyThreadsAsAskedForAndNoneAfterClose() {
        StorageWorkers workers = new StorageWorkers(3);
        assertEquals(3, workers.count());
        assertTrue(StorageWorkers.defaultCount() >= 4);
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("rcublk-storage-"))
                .toList();
        assertTrue(threads.size() >= 3, threads.toString());
        assertTrue(threads.stream().allMatch(Thread::isDaemon), "a hung disk must not keep the process alive");
        workers.close();
        Waits.until("the workers end", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThrows(IllegalArgumentException.class, () -> new StorageWorkers(0));
    }

    @Test
    void closingDoesNotWaitForAWorkerThatHangs() {
        StorageWorkers workers = new StorageWorkers(1);
        IoThread thread = thread(workers);
        TestDisk.Client client = disk.client(disk.device, thread, 1);
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        target(request -> {
            hangs.countDown();
            Waits.await(hang);
            return 0;
        });
        client.flush();
        Waits.await(hangs);
        workers.close();
        assertFalse(client.queue.hasCompletions());
        hang.countDown();
        client.await(1); // what a worker had taken still completes
    }
}
