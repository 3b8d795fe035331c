// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.rcu.ReaderThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of threads that do blocking storage I/O for all IOThreads of a process, fed by one bounded ring.
 *
 * <p>One ring for all workers, so that a worker which hangs in a dead disk holds up its own request and no other. A target
 * with a {@link TargetShare} gets all workers but one at most, so that its disk, when it hangs, leaves one to the others;
 * several disks that hang may still occupy all. How
 * many workers run follows the disk: while I/O is short (page cache) one worker takes everything and nobody else is
 * woken, because a wake-up costs more than the I/O; once an I/O was long, each taker wakes the next while work is left.
 * An IOThread that sees the ring stand still wakes one more.
 */
public final class StorageWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StorageWorkers.class);
    private static final int RING_CAPACITY = 4096;
    private static final int IDLE_SPINS = 200;
    private static final long LONG_IO_NANOS = 40_000;
    private static final int WAITING_BURST = 16;

    private final ManyToManyConcurrentArrayQueue<Request> ring = new ManyToManyConcurrentArrayQueue<>(RING_CAPACITY);
    private final Worker[] workers;

    @VolatileLoad
    private final AtomicInteger asleep = new AtomicInteger();

    private volatile boolean ioIsLong;
    private volatile boolean stopping;

    /**
     * Starts the workers.
     *
     * @param count how many, 1 or more
     */
    @GlobalState
    public StorageWorkers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("storage needs 1 worker or more, not " + count);
        }
        workers = new Worker[count];
        for (int i = 0; i < count; i++) {
            workers[i] = new Worker("rcublk-storage-" + i);
        }
        for (Worker worker : workers) {
            worker.thread.start();
        }
    }

    /**
     * How many workers suit this machine when nothing is asked for.
     *
     * @return a number of threads
     */
    @AnyThread
    public static int defaultCount() {
        return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }

    /**
     * How many workers there are.
     *
     * @return threads
     */
    @AnyThread
    public int count() {
        return workers.length;
    }

    @AnyThread
    boolean offer(Request request) {
        return ring.offer(request);
    }

    @AnyThread
    boolean isEmpty() {
        return ring.isEmpty();
    }

    /** How many requests were ever taken: stands still if every awake worker is stuck. */
    @AnyThread
    long taken() {
        long sum = 0;
        for (Worker worker : workers) {
            sum += worker.taken;
        }
        return sum;
    }

    /** After a batch was offered: sees to it that somebody takes it. */
    @AnyThread
    void wakeForBatch() {
        // The offers before sleepers are counted; pairs with the announcement before the second look in Worker.sleep.
        VarHandle.fullFence();
        if (asleep.get() == workers.length || (ioIsLong && asleep.get() > 0)) {
            wakeOne();
        }
    }

    /** Wakes one worker if one sleeps. */
    @AnyThread
    void wakeOne() {
        for (Worker worker : workers) {
            if (worker.sleeps.get() && worker.sleeps.compareAndSet(true, false)) {
                asleep.decrementAndGet();
                LockSupport.unpark(worker.thread);
                return;
            }
        }
    }

    /** Stops the workers after the requests that they have taken, without waiting for one that hangs. */
    @Override
    @GlobalState
    public void close() {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("StorageWorkers.close");
        stopping = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
        for (Worker worker : workers) {
            try {
                worker.thread.join(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @GlobalState
    private final class Worker {
        private final ReaderThread thread;

        @VolatileLoad
        private final AtomicBoolean sleeps = new AtomicBoolean();

        private volatile long taken;

        Worker(String name) {
            thread = new ReaderThread(name, true, this::work);
            thread.setDaemon(true); // a request that hangs in a dead disk must not keep the process alive
        }

        private void work() {
            int spins = 0;
            while (!stopping) {
                Request request = ring.poll();
                if (request != null) {
                    spins = 0;
                    serve(request);
                } else if (++spins < IDLE_SPINS) {
                    Thread.onSpinWait();
                } else {
                    sleep();
                    spins = 0;
                }
            }
        }

        private void sleep() {
            asleep.incrementAndGet();
            sleeps.set(true);
            // Pairs with wakeForBatch: the batch is offered before the sleepers are counted.
            if (ring.isEmpty() && !stopping) {
                while (sleeps.get() && !stopping) {
                    LockSupport.park(StorageWorkers.this);
                    Thread.interrupted();
                }
            } else if (sleeps.compareAndSet(true, false)) {
                asleep.decrementAndGet();
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        private void serve(Request request) {
            taken++;
            if (ioIsLong && !ring.isEmpty()) {
                wakeOne();
            }
            StorageTarget target = request.target;
            TargetShare share = target == null ? null : target.share();
            int limit = workers.length - 1;
            if (share == null || limit == 0) {
                run(request);
            } else {
                serve(share, limit, request);
            }
        }

        /** The request, and those of its target that wait, with a look at the ring now and then. */
        private void serve(TargetShare share, int limit, Request request) {
            int burst = 0;
            Request now = share.enter(request, limit);
            while (now != null) {
                run(now);
                now = stopping ? null : share.next(limit);
                if (now != null && ++burst % WAITING_BURST == 0) {
                    now = behindOthers(share, limit, now);
                }
            }
        }

        /** Others' requests in the ring come first, if there are any: null, with the part of the share given back. */
        private @Nullable Request behindOthers(TargetShare share, int limit, Request request) {
            if (ring.isEmpty()) {
                return request;
            }
            // Left before the offer: who takes the request there must not find the share used up by this worker.
            share.leave();
            return ring.offer(request) ? null : share.enter(request, limit);
        }

        private void run(Request request) {
            StorageTarget target = request.target;
            long start = System.nanoTime();
            request.status = target == null ? -Errno.EIO : perform(target, request);
            boolean wasLong = System.nanoTime() - start > LONG_IO_NANOS;
            if (wasLong != ioIsLong) {
                ioIsLong = wasLong;
            }
            ((NioEngine) request.thread().engine()).completed(request);
        }

        @SuppressWarnings("ReadSectionRequired") // the request holds its token until its IOThread completes it
        private static int perform(StorageTarget target, Request request) {
            try {
                return target.perform(request);
            } catch (RuntimeException | Error bug) {
                LOG.error("storage worker: {} threw: {}", request, bug.toString(), bug);
                return -Errno.EIO;
            }
        }
    }

    /**
     * An engine for an IOThread, backed by these workers.
     *
     * @param thread the IOThread that owns the engine
     * @return the engine
     */
    @AnyThread
    public StorageEngine engine(IoThread thread) {
        return new NioEngine(this, thread);
    }
}
