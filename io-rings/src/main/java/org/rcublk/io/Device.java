// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.RootState;

/**
 * A root that does I/O: what a guest, an export's clients or a benchmark sees as a disk. It has any number of virtqueues
 * on any IOThreads, and one read domain for all of them.
 */
public final class Device extends RootState {
    private final Admission admission;
    private final List<Virtqueue> queues = new CopyOnWriteArrayList<>();
    private long closedQueuesParked; // under the monitor, with its queue's departure from the list

    /**
     * Creates a device; attach it to the graph as a root before its queues get requests.
     *
     * @param id the root's name, unique in the graph
     * @param admission how its requests reach the graph
     */
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
    public Virtqueue openQueue(IoThread thread, int depth, Runnable onCompletions) {
        Virtqueue queue = new Virtqueue(this, thread, depth, onCompletions);
        queues.add(queue);
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
        return List.copyOf(queues);
    }

    @Override
    public void released() {
        for (Virtqueue queue : queues) {
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
        for (Virtqueue queue : queues) {
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
        for (Virtqueue queue : queues) {
            all.addAll(queue.inFlight());
        }
        return all;
    }

    @Override
    public int parkedRequests() {
        int parked = 0;
        for (Virtqueue queue : queues) {
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
    public synchronized long parkedTotal() {
        long total = closedQueuesParked;
        for (Virtqueue queue : queues) {
            total += queue.parkedTotal();
        }
        return total;
    }

    synchronized void forget(Virtqueue queue) {
        if (queues.remove(queue)) {
            closedQueuesParked += queue.parkedTotal();
        }
    }
}
