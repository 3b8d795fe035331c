// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits on conditions, never for a time, and threads whose failures reach the test. */
final class Waits {
    /** Longer than anything that is expected to happen takes. */
    static final Duration LONG = Duration.ofSeconds(30);

    /** For what is expected to time out. */
    static final Duration SHORT = Duration.ofMillis(20);

    private Waits() {}

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("not within " + LONG + ": " + what);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                fail("a latch was not released within " + LONG);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a task on a plain thread; the thread is the second value, for a look at its state. */
    static <T> Started<T> onThread(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "control");
        thread.setDaemon(true);
        thread.start();
        return new Started<>(task, thread);
    }

    static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    record Started<T>(FutureTask<T> task, Thread thread) {
        /** Until the task waits in the back-off of a grace period, or is over. */
        void untilItWaits() {
            until("the control thread waits", () -> thread.getState() == Thread.State.TIMED_WAITING || task.isDone());
        }
    }
}
