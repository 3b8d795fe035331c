// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that hangs leaves a worker to the others, and no request is lost on the way. */
@Timeout(120)
class TargetShareTest {
    private final TestDisk disk = new TestDisk();
    private final List<StorageWorkers> pools = new ArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
        pools.forEach(StorageWorkers::close);
    }

    private StorageWorkers workers(int count) {
        StorageWorkers workers = new StorageWorkers(count);
        pools.add(workers);
        return workers;
    }

    /** Counts the workers that are inside. */
    private static class Counting implements StorageTarget {
        private final TargetShare share = new TargetShare();
        private final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final AtomicInteger served = new AtomicInteger();

        @Override
        public final int perform(Request request) {
            int now = inside.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            io();
            inside.decrementAndGet();
            served.incrementAndGet();
            return 0;
        }

        void io() {}

        @Override
        public TargetShare share() {
            return share;
        }
    }

    private static final class Hanging extends Counting {
        final CountDownLatch hang = new CountDownLatch(1);

        @Override
        void io() {
            Waits.await(hang);
        }
    }

    /** Long enough now and then that all workers are woken. */
    private static final class Uneven extends Counting {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        void io() {
            if (calls.incrementAndGet() % 8 == 0) {
                long until = System.nanoTime() + 50_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Discards go to one target, everything else to the other. */
    private void targets(StorageTarget discards, StorageTarget others) {
        disk.driver.submit = (self, request) -> {
            request.thread().engine().submit(request, request.op() == BlockOp.DISCARD ? discards : others);
            return 0;
        };
    }

    @Test
    void aDiskThatHangsLeavesAWorkerToTheOthers() {
        for (int count : new int[] {2, 4}) {
            StorageWorkers workers = workers(count);
            Hanging dead = new Hanging();
            Counting good = new Counting();
            targets(dead, good);
            TestDisk.Client onDead =
                    disk.client(disk.device, disk.started(new IoThread("io0", workers::engine, 0)), 64);
            TestDisk.Client onGood = disk.client(disk.device, disk.started(new IoThread("io1", workers::engine, 0)), 4);
            for (int i = 0; i < 40; i++) {
                onDead.submit(BlockOp.DISCARD, 0, 0);
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(0, onGood.io(BlockOp.FLUSH, 0, 0), "request " + i);
            }
            assertEquals(0, dead.served.get());
            dead.hang.countDown();
            onDead.await(40);
            assertEquals(40, dead.served.get());
            assertTrue(dead.most.get() <= count - 1, dead.most + " of " + count + " workers inside");
        }
    }

    @Test
    void oneWorkerServesAll() {
        StorageWorkers workers = workers(1);
        Counting one = new Counting();
        targets(one, one);
        TestDisk.Client client = disk.client(disk.device, disk.started(new IoThread("io0", workers::engine, 0)), 64);
        for (int i = 0; i < 64; i++) {
            client.flush();
        }
        client.await(64);
    }

    @Test
    void nothingThatWaitsForItsShareIsLost() {
        for (int count : new int[] {2, 3}) {
            StorageWorkers workers = workers(count);
            Uneven first = new Uneven();
            Uneven second = new Uneven();
            targets(first, second);
            List<TestDisk.Client> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                IoThread thread = disk.started(new IoThread("io" + i, workers::engine, 0));
                clients.add(disk.client(disk.device, thread, 32));
            }
            for (int round = 0; round < 300; round++) {
                for (int i = 0; i < 32; i++) {
                    BlockOp op = (i + round) % 3 == 0 ? BlockOp.FLUSH : BlockOp.DISCARD;
                    clients.forEach(client -> client.submit(op, 0, 0));
                }
                clients.forEach(client -> client.await(32));
            }
            assertEquals(2 * 300 * 32, first.served.get() + second.served.get());
            int most = Math.max(first.most.get(), second.most.get());
            assertTrue(most <= count - 1, most + " of " + count + " workers inside");
        }
    }
}
