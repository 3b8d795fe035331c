// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.Route;

/**
 * A block request: preallocated, reused, and a state machine that lives on one IOThread.
 *
 * <p>A root request belongs to a slot of a {@link Virtqueue}; a child request is forked by a driver from the request that
 * it works for. Either way the request carries the read-section token and, for a root request, the route of the version
 * that it was admitted on, from admission to completion.
 *
 * <p>Confined to its IOThread while it runs; a storage worker owns it between
 * {@link StorageEngine#submit} and the engine's poll, and both hand-overs are release-acquire. The fields that reports
 * read from other threads ({@code state}, {@code startNanos}, {@code at}, {@code op}) are read racily there: a report
 * may be a moment old, which is all that it promises.
 *
 * <p>Payload: the bytes {@code [bufferOffset, bufferOffset + length)} of {@link #buffer()}. Position and limit of the
 * buffer belong to whoever does I/O on it; one buffer serves one request at a time.
 */
@IoThreadOnly
public final class Request {

    static final int FREE = 0;
    static final int QUEUED = 1;
    static final int PARKED = 2;
    static final int RUNNING = 3;

    static final byte SLOT_FREE = 0;
    static final byte SLOT_ACQUIRED = 1;
    static final byte SLOT_SUBMITTED = 2;

    final @Nullable Virtqueue queue;
    private final int index;
    private IoThread thread; // changes with its queue's, while it does not run

    int state = FREE;
    BlockOp op = BlockOp.READ;
    int flags;
    long offset;
    long length;

    @Nullable
    ByteBuffer buffer;

    int bufferOffset;

    @ConfinedTo("the request's IOThread")
    long token;

    long startNanos;

    /** Where it was submitted, if that is recorded. Written by the producer, read racily by reports. */
    List<StackTraceElement> site = List.of();

    @Nullable
    @ConfinedTo("the request's IOThread")
    Route<PlanNode> route;

    @Nullable
    PlanNode at;

    int status;

    // A forked child's way back.
    @Nullable
    @ConfinedTo("the request's IOThread")
    Request parent;

    @Nullable
    @ConfinedTo("the request's IOThread")
    PlanNode forkedBy;

    @ConfinedTo("the request's IOThread")
    byte forkedAs;

    // A front's, see there: clear in a request that no front holds or has passed on.
    @Nullable
    @ConfinedTo("the request's IOThread")
    Front front;

    @Nullable
    @ConfinedTo("the request's IOThread")
    FrontWork work;

    @ConfinedTo("the request's IOThread")
    boolean frontWaits;

    @ConfinedTo("the request's IOThread")
    boolean tracked;

    @ConfinedTo("the request's IOThread")
    long flushMark;

    /** Link of the one list that the request is in: parked, backlog of an engine, free children. */
    @Nullable
    @ConfinedTo("the request's IOThread")
    Request next;

    @Nullable
    StorageTarget target;

    @ConfinedTo("the request's IOThread")
    long timerDeadline;

    @ConfinedTo("the request's IOThread")
    boolean timed;

    /** Where {@link RequestTracker}s list it. */
    @ConfinedTo("the request's IOThread")
    final Listings listings = new Listings();

    /** Where a root request's slot is, as the producer sees it. The producer's alone. */
    byte slotState;

    // A driver's frame while it holds the request. Forwarding drivers must leave it alone.
    @ConfinedTo("the request's IOThread")
    private int step;

    @ConfinedTo("the request's IOThread")
    private long cursor;

    @ConfinedTo("the request's IOThread")
    private @Nullable Object frame;

    @AnyThread
    Request(@Nullable Virtqueue queue, int index, IoThread thread) {
        this.queue = queue;
        this.index = index;
        this.thread = thread;
    }

    /** A child of an IOThread's pool, before others that are free. */
    @AnyThread
    Request(IoThread thread, @Nullable Request next) {
        this(null, -1, thread);
        this.next = next;
    }

    /** {@return what is asked for} */
    @AnyThread
    public BlockOp op() {
        return op;
    }

    /** {@return the {@code BlockOp.FLAG_} bits} */
    @AnyThread
    public int flags() {
        return flags;
    }

    /**
     * {@return whether a flag is set}
     *
     * @param flag one of the {@code BlockOp.FLAG_} bits
     */
    @AnyThread
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** {@return where the range starts on the node that the request is at, in bytes} */
    @AnyThread
    public long offset() {
        return offset;
    }

    /** {@return how long the range is, in bytes; for reads and writes at most {@link Integer#MAX_VALUE}} */
    @AnyThread
    public long length() {
        return length;
    }

    /**
     * {@return the payload's buffer}
     *
     * @throws IllegalStateException if the operation has no payload
     */
    @AnyThread
    public ByteBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException(op + " has no buffer");
        }
        return buffer;
    }

    /** {@return where in the buffer the payload starts, an absolute index} */
    @AnyThread
    public int bufferOffset() {
        return bufferOffset;
    }

    /** {@return 0 or a negated {@link Errno}, once it completed: in {@link BlockDriver#childCompleted}, or a completion handler} */
    @AnyThread
    public int status() {
        return status;
    }

    /** {@return the slot's number in its virtqueue, or -1 for a child} */
    @AnyThread
    public int index() {
        return index;
    }

    /** {@return the IOThread that the request belongs to} */
    @AnyThread
    public IoThread thread() {
        return thread;
    }

    /** Its queue was handed over. Called on the old IOThread; the new one's mailbox orders it before any use there. */
    void moveTo(IoThread target) {
        thread = target;
    }

    /** {@return the request that this one works for, or null for a root request} */
    public @Nullable Request parent() {
        return parent;
    }

    /**
     * Shifts the range on its way down; for drivers that map a child at an offset.
     *
     * @param delta bytes to add
     */
    public void shift(long delta) {
        offset += delta;
    }

    /**
     * Sets the producer's buffer of a free slot. Called by the producer before it submits.
     *
     * @param newBuffer the payload's memory, or null
     * @param at where the payload starts
     */
    @AnyThread
    public void attach(@Nullable ByteBuffer newBuffer, int at) {
        buffer = newBuffer;
        bufferOffset = at;
    }

    /**
     * Completes the request, once. For a root request the read section ends first and the producer hears of it second
     * (an order that cannot deadlock a drain); a child goes back to the driver that forked it.
     *
     * @param newStatus 0 or a negated {@link Errno}
     * @throws IllegalStateException if the request is not running: completing twice is a driver's bug
     */
    public void complete(int newStatus) {
        assert thread.mayBeHere() : ThreadRules.belongsTo(thread, "the completion of " + this);
        if (state != RUNNING) {
            throw new IllegalStateException(this + " completed in state " + state);
        }
        status = newStatus;
        frame = null;
        thread.timers().cancel(this);
        if (front != null) {
            front.left(this, newStatus);
        }
        if (queue != null) {
            queue.finish(this);
        } else {
            thread.finishChild(this);
        }
    }

    /**
     * Takes a child request, counted by the grace period with this one and free to pass gates (guarantee G). Fill it in,
     * then {@link #submitTo}.
     *
     * @param self the node that forks
     * @param childOp what the child does
     * @param childOffset where
     * @param childLength how much
     * @return the child
     */
    @RequiresReadSection
    public Request fork(PlanNode self, BlockOp childOp, long childOffset, long childLength) {
        assert thread.mayBeHere() : ThreadRules.belongsTo(thread, "a fork of " + this);
        assert inSection() : ThreadRules.outside(this, "a fork");
        Request child = thread.acquireChild();
        child.op = childOp;
        child.flags = 0;
        child.offset = childOffset;
        child.length = childLength;
        child.buffer = null;
        child.bufferOffset = 0;
        child.parent = this;
        child.forkedBy = self;
        child.forkedAs = Front.BY_DRIVER;
        child.route = route;
        child.startNanos = startNanos;
        child.begin();
        child.state = RUNNING;
        device().admission().fork(this, child);
        return child;
    }

    /**
     * Sets the flags of a child before it is submitted.
     *
     * @param newFlags {@code BlockOp.FLAG_} bits
     */
    public void setFlags(int newFlags) {
        flags = newFlags;
    }

    /**
     * Hands a running request to a node and completes it with the error if the node refuses it.
     *
     * @param node where it goes
     */
    @RequiresReadSection
    public void submitTo(PlanNode node) {
        if (GatedChildren.ON && GatedChildren.parks(this, node)) {
            return;
        }
        submit(node, false);
    }

    /** The same, past the node's front. */
    @RequiresReadSection
    void submitPast(PlanNode node) {
        submit(node, true);
    }

    @RequiresReadSection
    private void submit(PlanNode node, boolean past) {
        int refused;
        try {
            refused = past ? node.direct(this) : node.submit(this);
        } catch (RuntimeException | Error bug) {
            thread.reportBug(
                    "driver " + node.driver().driverName() + " of node " + node.name() + " threw on " + this, bug);
            refused = state == RUNNING ? -Errno.EIO : 0;
        }
        if (refused != 0) {
            complete(refused);
        }
    }

    /**
     * Has {@link BlockDriver#resumed} called on this IOThread after a while, on the node that the request is at. A request
     * has one timer at a time; its completion, and a {@link #resume} that comes first, take it off.
     *
     * @param delayNanos nanoseconds from now
     * @throws IllegalStateException if the request has a timer
     */
    public void startTimer(long delayNanos) {
        assert thread.mayBeHere() : ThreadRules.belongsTo(thread, "a timer of " + this);
        thread.timers().add(this, delayNanos);
    }

    /** Takes the request's timer off, if it has one: for a driver that passes on what it held back. */
    public void stopTimer() {
        thread.timers().cancel(this);
    }

    /**
     * Whether a change or a drain waits for the requests of this one's root, or the root was detached: a driver holds
     * back no such request (guarantee G). One volatile load or two, and a look-up when the version is new to the queue.
     *
     * @return as of the version that is current now
     */
    public boolean gated() {
        return device().admission().gated(root());
    }

    /**
     * As {@link #gated()}; or, if requests of other roots {@linkplain #othersMayWait may wait} for this one, whether somebody
     * waits for theirs. A driver holds back no such request either. While nothing is gated, as cheap; else a walk up the graph.
     *
     * @param self the node that would hold it back
     * @return as of the version that is current now
     */
    public boolean gated(PlanNode self) {
        return othersMayWait() ? device().admission().gated(root(), self) : gated();
    }

    private Request root() {
        return parent == null ? this : parent.root(); // nested as deep as the chain of drivers at most
    }

    /**
     * Whether requests of other roots may wait for this one to end: it is part of another one's work, such as a copy that
     * they need as well, or a node tracks it for its overlaps.
     *
     * @return false for a request that is nobody's concern but its sender's
     */
    public boolean othersMayWait() {
        return parent != null || tracked;
    }

    /**
     * Has {@link BlockDriver#resumed} called on this request's IOThread. For wake-ups between IOThreads; allocates. The
     * caller sees to it that the request is still waiting when it gets there: it must not complete in between.
     */
    @AnyThread
    public void resume() {
        thread.resume(this);
    }

    /** {@return which step comes next, in a driver's state of this request: the step last set} */
    public int step() {
        return step;
    }

    /**
     * Sets the driver's step.
     *
     * @param newStep any number of the driver's choice
     */
    public void step(int newStep) {
        step = newStep;
    }

    /** {@return how far a driver's state of this request has come: the cursor last set} */
    public long cursor() {
        return cursor;
    }

    /**
     * Sets the driver's cursor.
     *
     * @param newCursor any number of the driver's choice
     */
    public void cursor(long newCursor) {
        cursor = newCursor;
    }

    /** {@return a driver's object of this request: the object last set, or null} */
    public @Nullable Object frame() {
        return frame;
    }

    /**
     * Sets the driver's object. Completion clears it.
     *
     * @param newFrame any object of the driver's choice
     */
    public void frame(@Nullable Object newFrame) {
        frame = newFrame;
    }

    /** Whether the request was admitted, or forked, and has not completed: its section is open. For assertions. */
    boolean inSection() {
        return state == RUNNING && route != null;
    }

    /** Forgets what the last use left. */
    void begin() {
        at = null;
        status = 0;
        step = 0;
        cursor = 0;
        frame = null;
    }

    RouteCache routes() {
        if (queue == null) {
            throw new IllegalStateException(this + " is a child: only root requests are admitted");
        }
        return queue.routes();
    }

    PlanNode plan() {
        return admittedRoute().plan();
    }

    boolean writable() {
        return admittedRoute().root().writable();
    }

    private Route<PlanNode> admittedRoute() {
        if (route == null) {
            throw new IllegalStateException(this + " was not admitted");
        }
        return route;
    }

    /** {@return the root that the request came by, a child's as well} */
    public Device device() {
        return (Device) admittedRoute().root().state();
    }

    @Override
    @AnyThread
    public String toString() {
        PlanNode node = at;
        return op + " " + offset + "+" + length + (node == null ? "" : " at " + node.name());
    }
}
