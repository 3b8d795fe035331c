// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.Virtqueue;

/**
 * One producer: keeps its virtqueue full until the window is over or its source is empty, and then waits for what is in
 * flight.
 *
 * <h2>Sleep</h2>
 * The producer announces that it sleeps, looks for completions once more, and parks; the IOThread makes completions
 * visible, and looks for the announcement after a full fence. So one of them sees the other, and no wake-up is lost; the
 * park has no time limit that would hide a lost one. The IOThread takes the announcement back, so that it pays for one
 * unpark a sleep.
 *
 * <p>Counters that others read while the job runs are published once a batch.
 */
final class Job implements Runnable, Virtqueue.CompletionHandler {
    private static final long LONGEST_LATENCY = 3_600_000_000_000L;

    private final Virtqueue queue;
    private final Source source;
    private final Window window;
    private final int blockSize;
    private final Slot[] slots;
    private final CountDownLatch ended;
    private final Tally tally = new Tally(LONGEST_LATENCY);
    private final AtomicLong submittedNow = new AtomicLong();
    private final AtomicLong completedNow = new AtomicLong();
    private long submitted;
    private long completed;
    private boolean empty;
    private volatile boolean asleep;
    private volatile @Nullable Thread thread;

    Job(Rig rig, int number, Source source, LoadSpec spec, Window window, CountDownLatch ended) {
        this.source = source;
        this.window = window;
        this.blockSize = spec.blockSize();
        this.ended = ended;
        this.slots = slots(spec.depth(), blockSize);
        this.queue = rig.openQueue(number, spec.depth(), this::wake);
    }

    private static Slot[] slots(int depth, int blockSize) {
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(depth, blockSize));
        Slot[] slots = new Slot[depth];
        for (int i = 0; i < depth; i++) {
            slots[i] = new Slot(memory.slice(i * blockSize, blockSize).order(ByteOrder.LITTLE_ENDIAN));
        }
        return slots;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            produce();
        } catch (RuntimeException | Error bug) {
            tally.bug(bug);
        } finally {
            ended.countDown();
        }
    }

    private void produce() {
        while (true) {
            int done = queue.pollCompletions(this, slots.length);
            completedNow.lazySet(completed);
            boolean some = submitWhatFits();
            if (submitted == completed) {
                return;
            }
            if (done == 0 && !some) {
                sleep();
            }
        }
    }

    /** True if it submitted something. */
    private boolean submitWhatFits() {
        long before = submitted;
        while (!empty && queue.freeSlots() > 0) {
            long now = System.nanoTime();
            if (window.over(now)) {
                empty = true;
                break;
            }
            submitOne(now);
        }
        if (submitted == before) {
            return false;
        }
        submittedNow.lazySet(submitted);
        queue.kick();
        return true;
    }

    private void submitOne(long now) {
        int number = queue.acquire();
        Slot slot = slots[number];
        if (!source.next(slot)) {
            queue.free(number);
            empty = true;
            return;
        }
        slot.submitNanos = now;
        queue.request(number).attach(slot.buffer(), 0);
        queue.submit(number, slot.op(), 0, slot.offset(), blockSize);
        submitted++;
    }

    @Override
    public void completed(int number, int status) {
        Slot slot = slots[number];
        long now = System.nanoTime();
        completed++;
        if (window.holds(now)) {
            tally.measured(slot.op() == BlockOp.WRITE, now - slot.submitNanos);
        }
        if (status != 0) {
            tally.error(slot.op() + " of " + blockSize + " bytes at " + slot.offset() + ": " + Errno.name(status));
        }
        String wrong = source.completed(slot, status);
        if (wrong != null) {
            tally.mismatch(wrong);
        }
        queue.free(number);
    }

    private void sleep() {
        asleep = true;
        while (asleep && !queue.hasCompletions()) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /** On the IOThread, after completions were put into the ring. */
    private void wake() {
        VarHandle.fullFence();
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    long submittedSoFar() {
        return submittedNow.get();
    }

    long completedSoFar() {
        return completedNow.get();
    }

    /** What it counted; exact once the job has ended. */
    Tally tally() {
        return tally;
    }

    /** Closes the queue of a job that has ended. */
    void close(Runnable whenClosed) {
        queue.close(whenClosed);
    }

    /** What a job counts. Confined to the job's thread until the job has ended. */
    static final class Tally {
        private final long longest;
        final Histogram latency;
        long reads;
        long writes;
        long errors;
        long mismatches;

        @Nullable
        String firstError;

        @Nullable
        String firstMismatch;

        Tally(long longestLatency) {
            longest = longestLatency;
            latency = new Histogram(1, longestLatency, 3);
        }

        private void measured(boolean write, long nanos) {
            latency.recordValue(Math.clamp(nanos, 1, longest));
            if (write) {
                writes++;
            } else {
                reads++;
            }
        }

        private void error(String what) {
            errors++;
            firstError = firstError == null ? what : firstError;
        }

        private void mismatch(String what) {
            mismatches++;
            firstMismatch = firstMismatch == null ? what : firstMismatch;
        }

        private void bug(Throwable bug) {
            error("the job ended early: " + bug);
        }

        void add(Tally other) {
            latency.add(other.latency);
            reads += other.reads;
            writes += other.writes;
            errors += other.errors;
            mismatches += other.mismatches;
            firstError = firstError == null ? other.firstError : firstError;
            firstMismatch = firstMismatch == null ? other.firstMismatch : firstMismatch;
        }
    }
}
