// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.graph.InFlight;

/**
 * A virtqueue: one producer, one IOThread, a submission ring, a completion ring and a fixed number of preallocated
 * requests.
 *
 * <p>The producer takes a free slot, attaches a buffer to the slot's request, and submits; the record carries no payload.
 * The rings have room for a record of every slot, besides the records of one batch that is being read, so a submission
 * or a completion never waits for space: a slot is the reservation. The producer's calls come from any one thread at
 * a time, which may be the IOThread itself; where it is another one, the rings' release-acquire order hands the request over.
 *
 * <p>States of a request: free, queued (in the submission ring), parked (at a gate, holding no token), running, free.
 */
public final class Virtqueue {
    private static final int MAX_DEPTH = 1 << 16;

    /** Gets completed requests, on the producer's thread. */
    @FunctionalInterface
    public interface CompletionHandler {
        /**
         * Called for each completed request. The slot stays the producer's until {@link Virtqueue#free}.
         *
         * @param slot the request's slot
         * @param status 0 or a negated {@link Errno}
         */
        void completed(int slot, int status);
    }

    private final Device device;
    private final IoTask onCompletions;
    private final Request[] requests;
    private final OneToOneRingBuffer submissions;
    private final OneToOneRingBuffer completions;
    private final RouteCache routes;

    private final ProducerSlots slots; // the producer's

    // IOThread's. Reports read the counters by opaque loads and may be a moment late.
    private final ParkedRequests parked = new ParkedRequests();
    private final MessageHandler onSubmission = this::accept;

    @ConfinedTo("the queue's IOThread")
    private boolean completedSome;

    private final AtomicInteger running = new AtomicInteger(); // written by the IOThread alone, opaquely for reports

    @VolatileLoad
    private volatile boolean releaseSignal;
    /** Who takes submissions. Written by the old one as it hands the queue over; any thread reads it to wake it. */
    @VolatileLoad
    private volatile IoThread thread;

    @ConfinedTo("the queue's IOThread")
    private @Nullable QueueMove move;

    private volatile boolean closing;

    @ConfinedTo("the queue's IOThread")
    private boolean closed;

    @ConfinedTo("the queue's IOThread")
    private final List<IoTask> onClosed = new ArrayList<>();

    @AnyThread
    Virtqueue(Device device, IoThread thread, int depth, IoTask onCompletions) {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a virtqueue has 1 to " + MAX_DEPTH + " slots, not " + depth);
        }
        this.device = device;
        this.thread = thread;
        this.onCompletions = onCompletions;
        this.routes = new RouteCache(device);
        this.submissions = RingSpace.ring(depth, RingRecords.SUBMISSION_BYTES);
        this.completions = RingSpace.ring(depth, RingRecords.COMPLETION_BYTES);
        this.requests = new Request[depth];
        for (int slot = 0; slot < depth; slot++) {
            requests[slot] = new Request(this, slot, thread);
        }
        this.slots = new ProducerSlots(device.id(), requests, completions);
    }

    // ---- producer ----

    /** {@return a free slot, taken, or -1 if all are in use} Producer's thread. */
    @AnyThread
    public int acquire() {
        return slots.acquire();
    }

    /**
     * Gives a slot back that was acquired and is not under way. Producer's thread.
     *
     * @param slot the slot
     * @throws IllegalStateException if it is free or under way
     */
    @AnyThread
    public void free(int slot) {
        slots.giveBack(slot);
    }

    /**
     * {@return the request of an acquired slot, to attach a buffer to} Producer's thread.
     *
     * @param slot the slot
     */
    @AnyThread
    public Request request(int slot) {
        return requests[slot];
    }

    /** {@return how many slots there are} */
    @AnyThread
    public int depth() {
        return requests.length;
    }

    /** {@return how many slots are free, 0 to {@link #depth}} Producer's thread. */
    @AnyThread
    public int freeSlots() {
        return slots.count();
    }

    /**
     * Submits the request of an acquired slot. Producer's thread; call {@link #kick} after a batch. It completes exactly
     * once (guarantee H).
     *
     * @param slot the slot, its buffer attached if the operation has a payload
     * @param op what to do
     * @param flags {@code BlockOp.FLAG_} bits
     * @param offset bytes
     * @param length bytes
     * @throws IllegalStateException if the slot is free or under way
     */
    @AnyThread
    public void submit(int slot, BlockOp op, int flags, long offset, long length) {
        slots.submitted(slot);
        if (!RingRecords.submit(submissions, slot, op, flags, offset, length)) {
            throw new IllegalStateException("virtqueue of " + device.id() + ": no room in the submission ring");
        }
    }

    /** Wakes the IOThread if it sleeps. Producer's thread, after a batch of submissions. */
    @AnyThread
    public void kick() {
        // Before the look at who has the queue: else this might wake the old IOThread for a record that the new one
        // missed.
        VarHandle.fullFence();
        thread.wakeAfterFence();
    }

    /**
     * Takes completions. Producer's thread.
     *
     * @param handler gets each
     * @param limit how many at most
     * @return how many there were; fewer than the limit only if no more were there
     */
    @AnyThread
    public int pollCompletions(CompletionHandler handler, int limit) {
        return slots.takeCompletions(handler, limit);
    }

    /** {@return whether {@link #pollCompletions} would find one} Producer's thread. */
    @AnyThread
    public boolean hasCompletions() {
        return completions.size() > 0;
    }

    /**
     * Closes the queue: parked and queued requests complete with {@link Errno#ESHUTDOWN}, running ones are waited for,
     * and then the IOThread forgets the queue.
     *
     * <p>The producer submits nothing from here on, and takes its last completions before or when it is told.
     *
     * @param whenClosed called on the IOThread once nothing of the queue is under way
     */
    @AnyThread
    public void close(@IoThreadOnly Runnable whenClosed) {
        onOwner(() -> {
            if (closed) {
                whenClosed.run();
                return;
            }
            onClosed.add(whenClosed::run);
            closing = true;
            releaseSignal = true;
        });
    }

    /**
     * Hands the queue to another IOThread. The old one stops taking requests, lets those that run end, and passes rings
     * and parked requests on by the other's mailbox; submissions wait in their ring meanwhile. No grace period; the
     * graph and other queues do not notice. A producer that is the old IOThread itself moves before its queue.
     *
     * @param target the IOThread that is to serve the queue; it runs, and is not closed meanwhile
     * @param patience how long running requests may take to end
     * @return completes with true once the target serves the queue; with false, and the queue stays where it is, if
     *     requests still ran then, the queue is being closed, or another hand-over is under way
     */
    @AnyThread
    public CompletionStage<Boolean> moveTo(IoThread target, Duration patience) {
        QueueMove wanted = new QueueMove(target);
        // By way of the target, which shows that it runs: handed to one that does not, the queue would be lost.
        target.execute(() -> onOwner(() -> beginMove(wanted)));
        wanted.after(patience, () -> onOwner(() -> giveUpMove(wanted)));
        return wanted.done();
    }

    @IoThreadOnly
    private void beginMove(QueueMove wanted) {
        if (move != null || closing || closed) {
            wanted.end(false);
        } else if (!wanted.over()) {
            move = wanted;
        }
    }

    @IoThreadOnly
    private void giveUpMove(QueueMove wanted) {
        if (wanted.equals(move)) {
            move = null;
        }
        wanted.end(false); // unless it has come to its end already
    }

    /** Runs a task on whichever IOThread has the queue when it runs. */
    @AnyThread
    private void onOwner(@IoThreadOnly Runnable task) {
        IoThread at = thread;
        at.execute(() -> {
            if (at.equals(thread)) {
                task.run();
            } else {
                onOwner(task); // handed over meanwhile
            }
        });
    }

    // ---- reports, any thread ----

    /** {@return the device that the queue belongs to} */
    @AnyThread
    public Device device() {
        return device;
    }

    /** {@return the IOThread that the queue belongs to, which {@link #moveTo} changes} */
    @AnyThread
    public IoThread thread() {
        return thread;
    }

    /** {@return how many requests are at a gate now, an estimate} */
    @AnyThread
    public int parked() {
        return parked.count();
    }

    /** {@return how many requests ever waited at a gate} */
    @AnyThread
    public long parkedTotal() {
        return parked.total();
    }

    /** {@return how many requests run now, an estimate} */
    @AnyThread
    public int running() {
        return running.getOpaque();
    }

    @AnyThread
    @Nullable
    InFlight oldest() {
        return RequestReport.oldest(device.id(), requests);
    }

    /** Every request that runs, for messages. */
    @AnyThread
    List<InFlight> inFlight() {
        return RequestReport.all(device.id(), requests);
    }

    // ---- IOThread ----

    @IoThreadOnly
    RouteCache routes() {
        return routes;
    }

    /** Takes what was submitted and, after a release, what was parked. */
    @IoThreadOnly
    int poll() {
        QueueMove moving = move;
        if (moving != null) {
            return running.getPlain() == 0 || QueueMove.KEEPS_RUNNING ? handOver(moving) : 0;
        }
        int work = 0;
        if (releaseSignal) {
            releaseSignal = false; // before the list is looked at: a signal that comes meanwhile is seen next time
            work += readmit();
        }
        work += submissions.read(onSubmission, RingSpace.BATCH);
        if (closing && running.getPlain() == 0 && parked.count() == 0 && submissions.size() == 0) {
            finishClose();
        }
        return work;
    }

    @IoThreadOnly
    boolean hasWork() {
        return move != null ? running.getPlain() == 0 : releaseSignal || submissions.size() > 0;
    }

    /** Whether a hand-over waits for running requests. IOThread's. */
    @IoThreadOnly
    boolean moving() {
        return move != null;
    }

    /** The last thing that the old IOThread does with the queue. The other's mailbox orders all of it before its first. */
    @IoThreadOnly
    private int handOver(QueueMove moving) {
        IoThread target = moving.target();
        move = null;
        thread.removeQueue(this);
        notifyProducer();
        for (Request request : requests) {
            request.moveTo(target);
        }
        if (QueueMove.LOSES_RELEASE) {
            releaseSignal = false;
        }
        thread = target; // volatile: who signals a release or a submission now finds the target
        target.execute(() -> {
            target.addQueue(this);
            moving.end(true);
        });
        return 1;
    }

    @IoThreadOnly
    void notifyProducer() {
        if (completedSome) {
            completedSome = false;
            // A producer on another thread announces that it sleeps and then looks at the completion ring; the callback
            // looks at the announcement. Without a fence between record and look both may miss the other.
            VarHandle.fullFence();
            thread.guarded("a producer's notification", onCompletions);
        }
    }

    @AnyThread
    void signalRelease() {
        releaseSignal = true;
        thread.wakeIfAsleep();
    }

    @IoThreadOnly
    private void accept(int type, MutableDirectBuffer buffer, int at, int length) {
        Request request = requests[RingRecords.submittedSlot(buffer, at)];
        RingRecords.read(buffer, at, request);
        request.startNanos = thread.cycleNanos();
        request.begin();
        admit(request);
    }

    @IoThreadOnly
    private void admit(Request request) {
        if (closing) {
            reject(request, -Errno.ESHUTDOWN);
            return;
        }
        int answer;
        try {
            answer = device.admission().admit(request, device, thread.readerIndex());
        } catch (RuntimeException | Error bug) {
            try {
                thread.reportBug("the admission of " + request + " to root " + device.id() + " threw", bug);
            } finally { // without memory for the words too: its record is gone from the ring, so nobody else would end
                // it
                reject(request, -Errno.EIO); // last: the producer may use the slot again at once
            }
            return;
        }
        switch (answer) {
            case Admission.RUN -> start(request);
            case Admission.PARK -> park(request);
            default -> reject(request, -Errno.ESHUTDOWN);
        }
    }

    @SuppressWarnings("ReadSectionRequired") // it was admitted just now, and holds its token until it completes
    @IoThreadOnly
    private void start(Request request) {
        request.state = Request.RUNNING;
        running.setOpaque(running.getPlain() + 1);
        PlanNode top = request.plan();
        int refused;
        try {
            refused = RootChecks.refusal(request, top);
        } catch (RuntimeException | Error bug) {
            request.complete(-Errno.EIO);
            thread.reportBug("the driver of node " + top.name() + " threw when it was asked for its size", bug);
            return;
        }
        if (refused != 0) {
            request.complete(refused);
        } else {
            request.submitTo(top);
        }
    }

    @IoThreadOnly
    void park(Request request) {
        request.state = Request.PARKED;
        parked.add(request);
    }

    @IoThreadOnly
    private int readmit() {
        int waiting = parked.count();
        for (int i = 0; i < waiting; i++) {
            Request request = parked.remove();
            if (request != null) {
                admitAgain(request);
            }
        }
        return waiting;
    }

    @IoThreadOnly
    private void admitAgain(Request request) {
        if (GatedChildren.ON && request.parent != null) {
            GatedChildren.submitAgain(request);
            return;
        }
        long before = parked.total();
        admit(request);
        parked.total(before); // a request that meets the next gate at once is one request that waited, not two
    }

    /** Completes a request that was never admitted: it holds no token. */
    @IoThreadOnly
    private void reject(Request request, int status) {
        request.status = status;
        deliver(request);
    }

    @IoThreadOnly
    void finish(Request request) {
        device.admission().complete(request);
        running.setOpaque(running.getPlain() - 1);
        deliver(request);
    }

    @IoThreadOnly
    private void deliver(Request request) {
        request.state = Request.FREE;
        request.at = null;
        request.route = null;
        if (!RingRecords.complete(completions, request.index(), request.status)) {
            throw new IllegalStateException(
                    "completion ring of " + device.id() + " is full: slot " + request.index() + " completed twice");
        }
        completedSome = true;
    }

    @IoThreadOnly
    private void finishClose() {
        thread.removeQueue(this);
        device.forget(this);
        notifyProducer(); // of what was refused just now: the IOThread looks at this queue no more
        closed = true;
        for (IoTask told : onClosed) {
            thread.guarded("whoever closes a queue", told);
        }
        onClosed.clear();
    }
}
