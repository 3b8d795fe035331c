// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.RootState;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * A root that does I/O: what a guest, an export's clients or a benchmark sees as a disk. It has any number of virtqueues
 * on any IOThreads, and one read domain for all of them.
 *
 * <p>Which queues are open, and how many requests of those that are closed were parked, is one immutable value behind one
 * reference, replaced by compare-and-set: a queue is closed on its IOThread, which must not wait for whoever reads reports.
 */
public final class Device extends RootState {
    private static final boolean COUNT_LATE = Mutants.on("io-forget-counts-late");

    private final Admission admission;
    private final AtomicReference<Queues> queues = new AtomicReference<>(new Queues(List.of(), 0));

    /**
     * The queues at one time: a queue's parked requests are counted by itself or with the closed ones, never twice.
     *
     * @param open the open queues, unmodifiable
     * @param closedParked requests of closed queues that were parked
     */
    @AnyThread
    private record Queues(List<Virtqueue> open, long closedParked) {
        Queues with(Virtqueue queue) {
            List<Virtqueue> grown = new ArrayList<>(open);
            grown.add(queue);
            return new Queues(List.copyOf(grown), closedParked);
        }

        /** Without a queue that parks no request any more; the same if it is not there. */
        Queues without(Virtqueue queue, long itsParked) {
            List<Virtqueue> left = new ArrayList<>(open);
            return left.remove(queue) ? new Queues(List.copyOf(left), closedParked + itsParked) : this;
        }
    }

    /**
     * Creates a device; attach it to the graph as a root before its queues get requests.
     *
     * @param id the root's name, unique in the graph
     * @param admission how its requests reach the graph
     */
    @AnyThread
    public Device(String id, Admission admission) {
        super(id);
        this.admission = admission;
    }

    /**
     * How its requests reach the graph.
     *
     * @return the admission
     */
    @AnyThread
    public Admission admission() {
        return admission;
    }

    /**
     * Opens a virtqueue. The IOThread takes from it from its next cycle on.
     *
     * @param thread the IOThread that the queue belongs to
     * @param depth how many requests may be under way
     * @param onCompletions called on the IOThread once a cycle in which requests of the queue completed
     * @return the queue; close it when its producer is gone
     */
    @AnyThread
    public Virtqueue openQueue(IoThread thread, int depth, @IoThreadOnly Runnable onCompletions) {
        Virtqueue queue = new Virtqueue(this, thread, depth, onCompletions::run);
        queues.updateAndGet(now -> now.with(queue));
        thread.addQueue(queue);
        return queue;
    }

    /**
     * The open queues.
     *
     * @return a snapshot
     */
    @AnyThread
    public List<Virtqueue> queues() {
        return queues.get().open();
    }

    @Override
    public void released() {
        for (Virtqueue queue : queues()) {
            queue.signalRelease();
        }
    }

    @Override
    public void detached() {
        released(); // parked requests look for their route, find none, and complete with an error
    }

    @Override
    public @Nullable InFlight oldestRequest() {
        InFlight oldest = null;
        for (Virtqueue queue : queues()) {
            InFlight candidate = queue.oldest();
            if (candidate != null && (oldest == null || candidate.ageNanos() > oldest.ageNanos())) {
                oldest = candidate;
            }
        }
        return oldest;
    }

    /**
     * Every request that runs now, for messages.
     *
     * @return a list that may be a moment late
     */
    @Override
    @AnyThread
    public List<InFlight> inFlight() {
        List<InFlight> all = new ArrayList<>();
        for (Virtqueue queue : queues()) {
            all.addAll(queue.inFlight());
        }
        return all;
    }

    @Override
    public int parkedRequests() {
        int parked = 0;
        for (Virtqueue queue : queues()) {
            parked += queue.parked();
        }
        return parked;
    }

    /**
     * Requests that have been parked since the device was made.
     *
     * @return a count that only grows
     */
    @AnyThread
    public long parkedTotal() {
        Queues now = queues.get();
        long total = now.closedParked();
        for (Virtqueue queue : now.open()) {
            total += queue.parkedTotal();
        }
        return total;
    }

    /** A queue is closed: nothing of it is parked or runs, or ever will. */
    @AnyThread
    void forget(Virtqueue queue) {
        long itsParked = queue.parkedTotal();
        if (COUNT_LATE) {
            queues.updateAndGet(now -> now.without(queue, 0));
            if (Steps.ENABLED) {
                Steps.reach("io.forgotten-not-counted");
            }
            queues.updateAndGet(now -> new Queues(now.open(), now.closedParked() + itsParked));
            return;
        }
        queues.updateAndGet(now -> now.without(queue, itsParked));
    }
}
