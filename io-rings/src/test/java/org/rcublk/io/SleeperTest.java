// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sleeping and waking: no wake-up is lost, whenever it comes. */
@Timeout(120)
class SleeperTest {
    private final TestDisk disk = new TestDisk();

    @AfterEach
    void close() {
        disk.close();
    }

    /** An engine whose look before sleep is a place for a test to put something in between. */
    private static final class Between extends TestDisk.NoEngine {
        final AtomicReference<Runnable> once = new AtomicReference<>();
        volatile long sleep = Long.MAX_VALUE;

        @Override
        public boolean hasCompletions() {
            Runnable task = once.getAndSet(null);
            if (task != null) {
                task.run();
            }
            return false;
        }

        @Override
        public long maxSleepNanos() {
            return sleep;
        }
    }

    /** The task comes after the thread has looked at its tasks for the last time before it blocks. */
    private void taskAfterTheLastLook(long sleep, int rounds) {
        for (int i = 0; i < rounds; i++) {
            Between engine = new Between();
            engine.sleep = sleep;
            AtomicInteger ran = new AtomicInteger();
            IoThread thread = new IoThread("io", owner -> engine, 0);
            engine.once.set(() -> {
                Thread other = new Thread(() -> thread.execute(ran::incrementAndGet));
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            thread.start();
            Waits.until("round " + i, () -> ran.get() == 1);
            thread.close();
        }
    }

    @Test
    void aTaskThatComesAfterTheLastLookBeforeTheFirstSelectWakesIt() {
        taskAfterTheLastLook(Long.MAX_VALUE, 3);
    }

    @Test
    void aTaskThatComesAfterTheLastLookBeforeATimedParkWakesIt() {
        taskAfterTheLastLook(900_000, 3);
    }

    @Test
    void noWakeUpOfAFreshThreadIsLost() {
        for (int i = 0; i < 100; i++) {
            AtomicInteger ran = new AtomicInteger();
            IoThread thread = new IoThread("io", owner -> new TestDisk.NoEngine(), 0).start();
            thread.execute(ran::incrementAndGet);
            Waits.until("round " + i, () -> ran.get() == 1);
            thread.close();
        }
    }

    /** One request at a time, so that the thread goes to sleep after each; the producer spins, to meet every moment. */
    @Test
    void noKickIsLost() {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 1);
        for (int i = 0; i < 5_000; i++) {
            client.flush();
            long end = System.nanoTime() + Waits.LONG.toNanos();
            while (client.poll() == 0) {
                assertTrue(System.nanoTime() - end < 0, "lost in round " + i);
                if (i % 3 == 0) {
                    Thread.onSpinWait();
                }
            }
        }
        disk.assertQuiet();
    }

    @Test
    void noTaskIsLostAmongManyWakers() throws Exception {
        IoThread thread = disk.started("io0");
        AtomicInteger ran = new AtomicInteger();
        Waits.Started<?>[] wakers = new Waits.Started<?>[3];
        for (int w = 0; w < wakers.length; w++) {
            wakers[w] = Waits.onThread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    AtomicInteger mine = new AtomicInteger();
                    thread.execute(() -> {
                        mine.incrementAndGet();
                        ran.incrementAndGet();
                    });
                    Waits.until("task " + i, () -> mine.get() == 1);
                }
                return true;
            });
        }
        for (Waits.Started<?> waker : wakers) {
            waker.task().get();
        }
        assertEquals(3_000, ran.get());
    }

    @Test
    void releasesWakeASleepingThread() throws Exception {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 1);
        for (int i = 0; i < 100; i++) {
            var drain = disk.drain("disk0");
            client.flush();
            Waits.until("parked", () -> disk.device.parkedRequests() == 1);
            drain.close();
            client.await(1);
        }
        assertEquals(100, disk.device.parkedTotal());
    }

    @Test
    void aSocketWakesItAndItsHandlersFailureClosesIt() throws IOException {
        IoThread thread = disk.started("io0");
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        AtomicInteger ready = new AtomicInteger();
        ByteBuffer in = ByteBuffer.allocate(1);
        thread.execute(() -> {
            try {
                thread.register(pipe.source(), SelectionKey.OP_READ, key -> {
                    try {
                        in.clear();
                        pipe.source().read(in);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    if (ready.incrementAndGet() == 3) {
                        throw new IllegalStateException("bug of a handler");
                    }
                });
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 1; i <= 3; i++) {
            int count = i;
            assertEquals(1, pipe.sink().write(ByteBuffer.allocate(1)));
            Waits.until("byte " + i, () -> ready.get() == count);
        }
        Waits.until("the channel is closed", () -> !pipe.source().isOpen());
        assertEquals(1, CapturedLogs.with("a socket handler threw").size());
        pipe.sink().close();
    }
}
