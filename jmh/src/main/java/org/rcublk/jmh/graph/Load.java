// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.Virtqueue;

/**
 * A closed loop of requests on one queue, whose producer is the IOThread that serves it: so no other thread runs for it. It
 * keeps the times of requests that took long, and counts all by their latency. Its IOThread's; others read it when
 * {@link #stop} has returned, or by {@link #snapshot}.
 */
final class Load {
    private static final int PER_OCTAVE = 32;

    /**
     * A request that took long.
     *
     * @param from when it was submitted, by {@link System#nanoTime}
     * @param to when it was completed
     */
    record Slow(long from, long to) {}

    private final IoThread thread;
    private final Virtqueue queue;
    private final long slowNanos;
    private final long[] started;
    private final List<Slow> slow = new ArrayList<>();
    private final Virtqueue.CompletionHandler handler = this::completed;
    private long[] counts = new long[64 * PER_OCTAVE];
    private boolean stopping;

    Load(Device device, IoThread thread, int depth, long slowNanos) {
        this.thread = thread;
        this.slowNanos = slowNanos;
        this.started = new long[depth];
        this.queue = device.openQueue(thread, depth, this::poll);
    }

    void start() {
        thread.execute(() -> {
            for (int i = 0; i < started.length; i++) {
                submit(queue.acquire());
            }
            queue.kick();
        });
    }

    /** Lets all requests end; those that hang are not waited for. */
    void stop() throws InterruptedException {
        onThread(() -> stopping = true);
    }

    /** How many requests took how long since the last call. */
    long[] snapshot() throws InterruptedException {
        long[][] taken = new long[1][];
        onThread(() -> {
            taken[0] = counts;
            counts = new long[counts.length];
        });
        return taken[0];
    }

    /** The requests that took long, since the start. */
    List<Slow> slow() throws InterruptedException {
        List<Slow> copy = new ArrayList<>();
        onThread(() -> copy.addAll(slow));
        return copy;
    }

    private void onThread(Runnable task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        thread.execute(() -> {
            task.run();
            done.countDown();
        });
        done.await();
    }

    @IoThreadOnly
    private void poll() {
        queue.pollCompletions(handler, started.length);
        queue.kick();
    }

    private void completed(int slot, int status) {
        long now = System.nanoTime();
        long took = now - started[slot];
        counts[bucket(took)]++;
        if (took > slowNanos) {
            slow.add(new Slow(started[slot], now));
        }
        if (status == 0 && !stopping) {
            submit(slot);
        } else {
            queue.free(slot);
        }
    }

    private void submit(int slot) {
        started[slot] = System.nanoTime();
        queue.submit(slot, BlockOp.FLUSH, 0, 0, 0);
    }

    private static int bucket(long nanos) {
        if (nanos < PER_OCTAVE) {
            return (int) Math.max(0, nanos);
        }
        int shift = 58 - Long.numberOfLeadingZeros(nanos); // keeps six bits, the first of them a one
        return (shift + 1) * PER_OCTAVE + (int) (nanos >>> shift) - PER_OCTAVE;
    }

    /** The latency that a share of the requests did not exceed, in nanoseconds. */
    static long percentile(long[] counts, double share) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        long left = (long) Math.ceil(all * share);
        for (int i = 0; i < counts.length; i++) {
            left -= counts[i];
            if (left <= 0) {
                return i < PER_OCTAVE ? i : (long) (i % PER_OCTAVE + PER_OCTAVE + 1) << (i / PER_OCTAVE - 1);
            }
        }
        return Long.MAX_VALUE;
    }

    static long sum(long[] counts) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all;
    }
}
