// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * The portable storage engine: batches go to {@link StorageWorkers} through their ring and come back through a ring of
 * this IOThread. Space in the way back is reserved on the way out, so a worker never waits; a request for which either
 * ring has no room waits in its own link.
 *
 * <p>Once a millisecond, busy or asleep, the IOThread looks whether the workers' ring stands still, because every worker
 * that is awake hangs in a dead disk; then it wakes one more.
 */
final class NioEngine implements StorageEngine {
    private static final int CAPACITY = 1024;
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(1);

    private final StorageWorkers workers;
    private final ManyToOneConcurrentArrayQueue<Request> completions = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final RequestList backlog = new RequestList();

    @ConfinedTo("the engine's IOThread")
    private int withWorkers;

    private final IoThread thread;

    @ConfinedTo("the engine's IOThread")
    private long takenBefore = -1;

    @ConfinedTo("the engine's IOThread")
    private long lookedAt;

    @AnyThread
    NioEngine(StorageWorkers workers, IoThread thread) {
        this.workers = workers;
        this.thread = thread;
    }

    @Override
    public void submit(Request request, StorageTarget target) {
        assert thread.mayBeHere() : ThreadRules.belongsTo(thread, "storage I/O of " + request);
        assert request.inSection() : ThreadRules.outside(request, "storage I/O");
        request.target = target;
        backlog.add(request);
    }

    @Override
    public void flush() {
        boolean offered = false;
        for (Request first = backlog.peek(); first != null && withWorkers < CAPACITY; first = backlog.peek()) {
            // Taken off the list before it is offered: its link belongs to whoever has the request.
            backlog.remove();
            if (!workers.offer(first)) {
                backlog.addFirst(first);
                break;
            }
            withWorkers++;
            offered = true;
        }
        if (offered) {
            workers.wakeForBatch();
        }
        if (withWorkers > 0 && thread.cycleNanos() - lookedAt >= LOOK_AGAIN) {
            lookForStandstill(thread.cycleNanos());
        }
    }

    @IoThreadOnly
    private void lookForStandstill(long now) {
        lookedAt = now;
        if (workers.isEmpty()) {
            takenBefore = -1;
            return;
        }
        long taken = workers.taken();
        if (taken == takenBefore) {
            workers.wakeOne();
        }
        takenBefore = taken;
    }

    @Override
    public int poll() {
        int done = 0;
        for (Request request = completions.poll(); request != null; request = completions.poll()) {
            withWorkers--;
            done++;
            request.target = null;
            request.complete(request.status);
        }
        return done;
    }

    @Override
    public boolean hasCompletions() {
        return !completions.isEmpty();
    }

    @Override
    public int outstanding() {
        return withWorkers + backlog.size();
    }

    @Override
    @IoThreadOnly
    public long maxSleepNanos() {
        boolean waits = !backlog.isEmpty() || (withWorkers > 0 && !workers.isEmpty());
        return waits ? LOOK_AGAIN : Long.MAX_VALUE;
    }

    /** Called by a worker: there is room, because {@link #flush} hands out no more requests than fit. */
    @AnyThread
    void completed(Request request) {
        if (!completions.offer(request)) {
            throw new IllegalStateException("completion ring full: " + request);
        }
        request.thread().wakeIfAsleep();
    }
}
