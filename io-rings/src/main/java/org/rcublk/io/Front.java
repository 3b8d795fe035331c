// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.Limits;

/**
 * What stands before a node's driver and gives it only what it takes: {@link Limits} and {@link Capability} say what that is.
 * A node whose driver takes everything has none.
 *
 * <h2>What becomes of a request</h2>
 * <pre>
 *             takes it, nobody has to hear of it                     same request to the driver
 *   submit -- takes it, overlaps are tracked or writes counted --    same request to the driver, left() when it completes
 *             too long, not aligned, zeroes or FUA to be stood for   held: a {@link FrontWork} forks pieces
 *             a front above hears of it already                      a child relays it, and is treated as above
 * </pre>
 * One front at a time hears of a request's completion, or holds it: {@link Request#front}. A request that a driver above
 * forwarded may have been passed by that driver's front, and then the one here forks.
 *
 * <h2>Overlaps</h2>
 * A node with blocks tracks each request that modifies it, in its driver's {@link RequestTracker}: one for all versions
 * (hazard H3). A write that has to read and change a block is serialising over whole blocks: no write to a neighbour's part
 * of the block runs between its read and its write, on whichever IOThread (H23). Zeroes and discards are serialising too:
 * they wait for the writes that they overlap, and those that come later wait for them (H21). Pieces are not tracked, their
 * request is; so a driver must not send to its own node a request that modifies what the one it works for does. Ranges are
 * of bytes, so versions with different alignments agree. A change that gives an alignment to a node which had none must
 * drain, because the older version tracks nothing.
 *
 * <h2>Threads</h2>
 * Immutable. What belongs to a request is in the request and its {@link FrontWork}, and confined to its IOThread.
 */
@IoThreadOnly
final class Front {
    /** To whom a child comes back, in {@link Request#forkedAs}: the driver, the front's work, its parent itself. */
    static final byte BY_DRIVER = 0;

    static final byte PIECE = 1;
    static final byte RELAY = 2;

    private final PlanNode node;
    private final FrontLimits limits;
    private final boolean emulatesFua;
    private final boolean zeroes;
    private final boolean allZeroes;
    private final @Nullable RequestTracker tracker;
    private final @Nullable FlushGenerations generations;

    @AnyThread
    private Front(PlanNode node, Limits limits, Set<Capability> capabilities) {
        this.node = node;
        this.limits = new FrontLimits(node.name(), limits);
        emulatesFua = !capabilities.contains(Capability.FUA);
        allZeroes = capabilities.contains(Capability.ALL_ZEROES);
        zeroes = allZeroes || capabilities.contains(Capability.ZEROES);
        tracker = this.limits.hasBlocks() ? node.driver().tracker() : null;
        generations =
                capabilities.contains(Capability.COUNTED_FLUSH) ? node.driver().generations() : null;
        FrontWork.prepare();
    }

    /** The front that a node needs: null if its driver takes everything. */
    @AnyThread
    static @Nullable Front of(PlanNode node, Limits limits, Set<Capability> capabilities) {
        boolean plain = limits.equals(Limits.NONE)
                && capabilities.contains(Capability.FUA)
                && capabilities.contains(Capability.ALL_ZEROES)
                && !capabilities.contains(Capability.COUNTED_FLUSH);
        return plain ? null : new Front(node, limits, capabilities);
    }

    @AnyThread
    PlanNode node() {
        return node;
    }

    @AnyThread
    FrontLimits limits() {
        return limits;
    }

    @Nullable
    @AnyThread
    FlushGenerations generations() {
        return generations;
    }

    /** Whether the driver takes zeroes at all. */
    @AnyThread
    boolean zeroes() {
        return zeroes;
    }

    /** Whether a request has to be followed by a flush. */
    boolean flushesAfter(Request request) {
        return emulatesFua && request.has(BlockOp.FLAG_FUA) && request.op.modifies();
    }

    /** As {@link PlanNode#submit}. */
    @RequiresReadSection
    int submit(Request request) {
        request.at = node;
        boolean takes = takes(request);
        if (takes && !hears(request.op)) {
            return node.direct(request);
        }
        if (request.front != null) {
            return relay(request);
        }
        if (!takes) {
            int refused = refusal(request);
            if (refused != 0) {
                return refused;
            }
            if (request.length == 0 || discardsNothing(request)) {
                request.complete(0);
                return 0;
            }
        }
        if (generations != null) {
            if (request.op == BlockOp.FLUSH && generations.clean()) {
                request.complete(0);
                return 0;
            }
            generations.prepare(request.thread().readerIndex());
            request.flushMark = request.op == BlockOp.FLUSH ? generations.mark() : 0;
        }
        request.front = this;
        if (tracker != null && request.op.modifies() && !mayGoOn(request, tracker)) {
            return 0;
        }
        return takes ? pass(request) : hold(request);
    }

    /** A timer of the front is due, or those that the request overlaps have ended. */
    @RequiresReadSection
    void resumed(Request request) {
        request.frontWaits = false;
        FrontWork work = request.work;
        if (work != null) {
            work.run();
        } else if (takes(request)) {
            request.submitPast(node);
        } else {
            hold(request);
        }
    }

    /** The request is about to complete, or was refused by the driver: nobody has heard of it yet. */
    void left(Request request, int status) {
        request.front = null;
        request.frontWaits = false;
        FrontWork work = request.work;
        if (work != null) {
            request.work = null;
            request.thread().fronts().release(work);
        } else if (generations != null) {
            completed(generations, request, request.flushMark, status);
        }
        if (request.tracked && tracker != null) {
            request.tracked = false;
            tracker.end(request);
        }
    }

    /** Counts what the driver has completed: a request or a piece of one. */
    static void completed(FlushGenerations generations, Request done, long mark, int status) {
        int reader = done.thread().readerIndex();
        if (done.op.modifies()) {
            generations.completed(reader);
        } else if (done.op == BlockOp.FLUSH && status == 0) {
            generations.covered(mark);
        } else if (done.op == BlockOp.FLUSH) {
            generations.failed(reader);
        }
    }

    private boolean takes(Request request) {
        BlockOp op = request.op;
        if (flushesAfter(request) || (op == BlockOp.WRITE_ZEROES && standsBy(request))) {
            return false;
        }
        return limits.takes(op, request.offset, request.length)
                || (limits.takesLast(op, request.offset, request.length)
                        && request.offset + request.length == node.size());
    }

    /** Whether zeroes may have to be written in place of the driver. */
    private boolean standsBy(Request request) {
        return !allZeroes && !(zeroes && request.has(BlockOp.FLAG_NO_FALLBACK));
    }

    private boolean hears(BlockOp op) {
        return op.modifies() ? tracker != null || generations != null : op == BlockOp.FLUSH && generations != null;
    }

    /** Of what the driver does not take as it is: 0, or why it cannot be done. */
    private int refusal(Request request) {
        long size = node.size();
        long end = request.offset + request.length;
        if (request.offset > size || request.length > size - request.offset) {
            return request.op.modifies() ? -Errno.ENOSPC : -Errno.EINVAL;
        }
        boolean fast = request.op == BlockOp.WRITE_ZEROES && request.has(BlockOp.FLAG_NO_FALLBACK);
        if (fast && !(zeroes && limits.zeroBlocksOnly(request.offset, end, size))) {
            return -Errno.ENOTSUP; // part of a block is read and written, which is no faster than writing
        }
        return 0;
    }

    private boolean discardsNothing(Request request) {
        long end = request.offset + request.length;
        return request.op == BlockOp.DISCARD
                && limits.discardTo(end, node.size()) <= limits.discardFrom(request.offset);
    }

    /** Tells the tracker. Waiting is noted first: whoever lets the request go on does so on any thread. */
    private boolean mayGoOn(Request request, RequestTracker overlaps) {
        long from = request.offset;
        long to = from + request.length;
        boolean serialising = request.op != BlockOp.WRITE || !limits.blocksOnly(from, to, node.size());
        request.frontWaits = true;
        boolean now = request.op == BlockOp.DISCARD
                ? overlaps.begin(request, from, to, true)
                : overlaps.begin(request, limits.down(from), limits.up(to), serialising);
        request.tracked = true;
        if (now) {
            request.frontWaits = false;
        }
        return now;
    }

    /** The same request to the driver. One that it accepted may be complete already and is touched no more. */
    @RequiresReadSection
    private int pass(Request request) {
        int refused = node.direct(request);
        if (refused != 0) {
            left(request, refused);
        }
        return refused;
    }

    @RequiresReadSection
    private int hold(Request request) {
        FrontWork work;
        try {
            work = request.thread().fronts().acquire();
        } catch (OutOfMemoryError e) {
            request.complete(-Errno.ENOMEM);
            return 0;
        }
        request.work = work;
        work.begin(this, request);
        return 0;
    }

    @RequiresReadSection
    private int relay(Request request) {
        Request child = request.fork(node, request.op, request.offset, request.length);
        child.forkedAs = RELAY;
        child.flags = request.flags;
        child.attach(request.buffer, request.bufferOffset);
        child.submitTo(node);
        return 0;
    }
}
