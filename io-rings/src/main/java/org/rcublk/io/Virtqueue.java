// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.Route;
import org.rcublk.rcu.CallSite;

/**
 * A virtqueue: one producer, one IOThread, a submission ring, a completion ring and a fixed number of preallocated
 * requests.
 *
 * <pre>
 * submission record   0 opcode | 4 flags | 8 offset | 16 length | 24 slot          completion record   0 slot | 4 status
 * </pre>
 *
 * <p>The producer takes a free slot, attaches a buffer to the slot's request, and submits; the record carries no payload.
 * The rings have room for a record of every slot, besides the records of one batch that is being read, so a submission
 * or a completion never waits for space: a slot is the reservation. The producer's calls come from one thread at a time, which may be the IOThread itself; where it is another
 * one, the rings' release-acquire order hands the request over.
 *
 * <p>States of a request: free, queued (in the submission ring), parked (at a gate, holding no token), running, free.
 */
public final class Virtqueue {
    private static final int SUBMISSION = 1;
    private static final int COMPLETION = 2;
    private static final int SUBMISSION_BYTES = 28;
    private static final int COMPLETION_BYTES = 8;
    private static final int MAX_DEPTH = 1 << 16;

    private static final VarHandle RUNNING;
    private static final VarHandle PARKED;
    private static final VarHandle PARKED_TOTAL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RUNNING = lookup.findVarHandle(Virtqueue.class, "running", int.class);
            PARKED = lookup.findVarHandle(Virtqueue.class, "parked", int.class);
            PARKED_TOTAL = lookup.findVarHandle(Virtqueue.class, "parkedTotal", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

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
    private final IoThread thread;
    private final Runnable onCompletions;
    private final Request[] requests;
    private final OneToOneRingBuffer submissions;
    private final OneToOneRingBuffer completions;
    private final RouteCache routes;

    // Producer's.
    private final int[] freeSlots;
    private int freeCount;
    private CompletionHandler completionHandler = (slot, status) -> {};
    private final MessageHandler onCompletion =
            (type, buffer, at, length) -> handBack(buffer.getInt(at), buffer.getInt(at + 4));

    // IOThread's. Reports read the counters by opaque loads and may be a moment late.
    private final RequestList parkedList = new RequestList();
    private final MessageHandler onSubmission = this::accept;
    private boolean completedSome;
    private int running;
    private int parked;
    private long parkedTotal;
    private volatile boolean releaseSignal;
    private volatile boolean closing;
    private boolean closed;
    private final List<Runnable> onClosed = new ArrayList<>();

    Virtqueue(Device device, IoThread thread, int depth, Runnable onCompletions) {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a virtqueue has 1 to " + MAX_DEPTH + " slots, not " + depth);
        }
        this.device = device;
        this.thread = thread;
        this.onCompletions = onCompletions;
        this.routes = new RouteCache(device);
        this.submissions = RingSpace.ring(depth, SUBMISSION_BYTES);
        this.completions = RingSpace.ring(depth, COMPLETION_BYTES);
        this.requests = new Request[depth];
        this.freeSlots = new int[depth];
        for (int slot = 0; slot < depth; slot++) {
            requests[slot] = new Request(this, slot, thread);
            freeSlots[slot] = depth - 1 - slot;
        }
        this.freeCount = depth;
    }

    // ---- producer ----

    /**
     * Takes a free slot. Producer's thread.
     *
     * @return the slot, or -1 if all are in use
     */
    public int acquire() {
        if (freeCount == 0) {
            return -1;
        }
        int slot = freeSlots[--freeCount];
        requests[slot].slotState = Request.SLOT_ACQUIRED;
        return slot;
    }

    /**
     * Gives a slot back that was acquired and is not under way. Producer's thread.
     *
     * @param slot the slot
     * @throws IllegalStateException if it is free or under way
     */
    public void free(int slot) {
        slotMoves(slot, Request.SLOT_FREE);
        requests[slot].buffer = null;
        freeSlots[freeCount++] = slot;
    }

    /**
     * The request of an acquired slot, to attach a buffer to. Producer's thread.
     *
     * @param slot the slot
     * @return its request
     */
    public Request request(int slot) {
        return requests[slot];
    }

    /**
     * How many slots there are.
     *
     * @return the queue's depth
     */
    public int depth() {
        return requests.length;
    }

    /**
     * How many slots are free. Producer's thread.
     *
     * @return 0 to {@link #depth}
     */
    public int freeSlots() {
        return freeCount;
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
    public void submit(int slot, BlockOp op, int flags, long offset, long length) {
        slotMoves(slot, Request.SLOT_SUBMITTED);
        if (CallSite.RECORDED) {
            requests[slot].site = CallSite.sampled();
        }
        int at = submissions.tryClaim(SUBMISSION, SUBMISSION_BYTES);
        if (at < 0) {
            throw new IllegalStateException("virtqueue of " + device.id() + ": no room in the submission ring");
        }
        var buffer = submissions.buffer();
        buffer.putInt(at, op.opcode());
        buffer.putInt(at + 4, flags);
        buffer.putLong(at + 8, offset);
        buffer.putLong(at + 16, length);
        buffer.putInt(at + 24, slot);
        submissions.commit(at);
    }

    /** Frees or submits an acquired slot; any other is the producer's mistake. */
    private void slotMoves(int slot, byte to) {
        Request request = requests[slot];
        if (request.slotState != Request.SLOT_ACQUIRED) {
            throw new IllegalStateException("virtqueue of " + device.id() + ": slot " + slot
                    + (request.slotState == Request.SLOT_FREE ? " is free: acquire it first" : " is under way"));
        }
        request.slotState = to;
    }

    private void handBack(int slot, int status) {
        requests[slot].slotState = Request.SLOT_ACQUIRED;
        completionHandler.completed(slot, status);
    }

    /** Wakes the IOThread if it sleeps. Producer's thread, after a batch of submissions. */
    @AnyThread
    public void kick() {
        thread.wakeIfAsleep();
    }

    /**
     * Takes completions. Producer's thread.
     *
     * @param handler gets each
     * @param limit how many at most
     * @return how many there were; fewer than the limit only if no more were there
     */
    public int pollCompletions(CompletionHandler handler, int limit) {
        completionHandler = handler;
        int taken = 0;
        long before;
        // In batches, because a batch gives its space back at its end; and one ends where the ring wraps.
        do {
            before = completions.consumerPosition();
            taken += completions.read(onCompletion, Math.min(limit - taken, RingSpace.BATCH));
        } while (taken < limit && completions.consumerPosition() != before);
        return taken;
    }

    /**
     * Whether completions wait. Producer's thread.
     *
     * @return true if {@link #pollCompletions} would find one
     */
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
    public void close(Runnable whenClosed) {
        thread.execute(() -> {
            if (closed) {
                whenClosed.run();
                return;
            }
            onClosed.add(whenClosed);
            closing = true;
            releaseSignal = true;
        });
    }

    // ---- reports, any thread ----

    /**
     * The device that the queue belongs to.
     *
     * @return the device
     */
    @AnyThread
    public Device device() {
        return device;
    }

    /**
     * The IOThread that the queue belongs to.
     *
     * @return the IOThread
     */
    @AnyThread
    public IoThread thread() {
        return thread;
    }

    /**
     * Requests at a gate now.
     *
     * @return an estimate
     */
    @AnyThread
    public int parked() {
        return (int) PARKED.getOpaque(this);
    }

    /**
     * Requests that ever waited at a gate.
     *
     * @return a count that only grows
     */
    @AnyThread
    public long parkedTotal() {
        return (long) PARKED_TOTAL.getOpaque(this);
    }

    /**
     * Requests that run now.
     *
     * @return an estimate
     */
    @AnyThread
    public int running() {
        return (int) RUNNING.getOpaque(this);
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
        int work = 0;
        if (releaseSignal) {
            releaseSignal = false; // before the list is looked at: a signal that comes meanwhile is seen next time
            work += readmit();
        }
        work += submissions.read(onSubmission, RingSpace.BATCH);
        if (closing && running == 0 && parked == 0 && submissions.size() == 0) {
            finishClose();
        }
        return work;
    }

    @IoThreadOnly
    boolean hasWork() {
        return releaseSignal || submissions.size() > 0;
    }

    @IoThreadOnly
    void notifyProducer() {
        if (completedSome) {
            completedSome = false;
            // A producer on another thread announces that it sleeps and then looks at the completion ring; the callback
            // looks at the announcement. Without a fence between record and look both may miss the other.
            VarHandle.fullFence();
            guarded("a producer's notification", onCompletions);
        }
    }

    @AnyThread
    void signalRelease() {
        releaseSignal = true;
        thread.wakeIfAsleep();
    }

    private void accept(int type, MutableDirectBuffer buffer, int at, int length) {
        Request request = requests[buffer.getInt(at + 24)];
        request.op = BlockOp.of(buffer.getInt(at));
        request.flags = buffer.getInt(at + 4);
        request.offset = buffer.getLong(at + 8);
        request.length = buffer.getLong(at + 16);
        request.startNanos = thread.cycleNanos();
        request.begin();
        admit(request);
    }

    private void admit(Request request) {
        if (closing) {
            reject(request, -Errno.ESHUTDOWN);
            return;
        }
        switch (device.admission().admit(request, device, thread.readerIndex())) {
            case Admission.RUN -> start(request);
            case Admission.PARK -> park(request);
            default -> reject(request, -Errno.ESHUTDOWN);
        }
    }

    private void start(Request request) {
        request.state = Request.RUNNING;
        RUNNING.setOpaque(this, running + 1);
        PlanNode top = request.plan();
        int refused;
        try {
            refused = request.refusal(top);
        } catch (RuntimeException | Error bug) {
            thread.reportBug("the driver of node " + top.name() + " threw when it was asked for its size", bug);
            refused = -Errno.EIO;
        }
        if (refused != 0) {
            request.complete(refused);
        } else {
            request.submitTo(top);
        }
    }

    private void park(Request request) {
        request.state = Request.PARKED;
        parkedList.add(request);
        PARKED.setOpaque(this, parked + 1);
        PARKED_TOTAL.setOpaque(this, parkedTotal + 1);
    }

    private int readmit() {
        int waiting = parked;
        for (int i = 0; i < waiting; i++) {
            Request request = parkedList.remove();
            PARKED.setOpaque(this, parked - 1);
            if (request != null) {
                admitAgain(request);
            }
        }
        return waiting;
    }

    /** Of a negative control: parks a child if the gate is closed to new requests. */
    @IoThreadOnly
    boolean parkChild(Request child) {
        if (!(device.admission() instanceof RcuAdmission rcu)) {
            return false;
        }
        Route<PlanNode> route = routes.route(rcu.live().current());
        if (route == null || !route.gated()) {
            return false;
        }
        park(child);
        return true;
    }

    private void admitAgain(Request request) {
        if (Request.CHILD_GATED && request.parent != null) {
            request.state = Request.RUNNING;
            request.submitTo(Objects.requireNonNull(request.at));
            return;
        }
        long before = parkedTotal;
        admit(request);
        PARKED_TOTAL.setOpaque(
                this, before); // a request that meets the next gate at once is one request that waited, not two
    }

    /** Completes a request that was never admitted: it holds no token. */
    private void reject(Request request, int status) {
        request.status = status;
        deliver(request);
    }

    @IoThreadOnly
    void finish(Request request) {
        device.admission().complete(request);
        RUNNING.setOpaque(this, running - 1);
        deliver(request);
    }

    private void deliver(Request request) {
        request.state = Request.FREE;
        request.at = null;
        request.route = null;
        int at = completions.tryClaim(COMPLETION, COMPLETION_BYTES);
        if (at < 0) {
            throw new IllegalStateException(
                    "completion ring of " + device.id() + " is full: slot " + request.index() + " completed twice");
        }
        completions.buffer().putInt(at, request.index());
        completions.buffer().putInt(at + 4, request.status);
        completions.commit(at);
        completedSome = true;
    }

    private void finishClose() {
        thread.removeQueue(this);
        device.forget(this);
        notifyProducer(); // of what was refused just now: the IOThread looks at this queue no more
        closed = true;
        for (Runnable told : onClosed) {
            guarded("whoever closes a queue", told);
        }
        onClosed.clear();
    }

    /** Runs what is not ours: no failure of it may cost another queue its turn. */
    private void guarded(String what, Runnable foreign) {
        try {
            foreign.run();
        } catch (RuntimeException | Error bug) {
            thread.reportBug(what + " threw, of virtqueue of " + device.id(), bug);
        }
    }
}
