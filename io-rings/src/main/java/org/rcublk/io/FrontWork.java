// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;

/**
 * A request that a {@link Front} works off piece by piece: pooled, and confined to the request's IOThread.
 *
 * <h2>Pieces</h2>
 * One child at a time goes to the driver; {@code at} is where the next begins. So the first error ends the request, and
 * nothing is under way then. (Pieces of one payload share a buffer, whose position is whoever's does I/O: two at a time
 * would need a view each.)
 * <pre>
 * DIRECT    what the driver takes, from and to the request's own buffer
 * BOUNCE    the blocks around what it does not take, read into a bounce buffer: copied from there if the request reads,
 *           else changed there and
 * PUT_BACK  written
 * ZEROES    write-zeroes; ENOTSUP turns the rest into written zeroes
 * DISCARD   ENOTSUP is as good as success: it is advice
 * SYNC      the flush that stands for FUA, once, after all of them
 * </pre>
 * The frame, step and cursor of the children are the driver's, and those of the request are not touched.
 *
 * <h2>The loop</h2>
 * {@link #run} goes on until a child is under way. One that completes before its submission returns finds {@code running}
 * and leaves its outcome for the loop, or the stack would grow with the number of pieces. What throws, allocations too,
 * fails the request once the child that is under way has come back.
 */
@IoThreadOnly
final class FrontWork {
    /** After so many pieces in one go the IOThread is left to others for a moment. */
    static final int MOST_TURNS = 1024;

    // What one turn came to. A negative number is an error and ends the request; so does DONE.
    private static final int DONE = 0;
    private static final int GO_ON = 1;
    private static final int SUSPENDED = 2;

    private enum Phase {
        NEXT,
        DIRECT,
        BOUNCE,
        PUT_BACK,
        ZEROES,
        DISCARD,
        SYNC
    }

    /** Zeroes for everybody; nobody writes them. */
    private static final class Zeroes {
        static final ByteBuffer ALL =
                ByteBuffer.allocateDirect(FrontLimits.MOST).asReadOnlyBuffer();
    }

    /** Makes what all share, on the control path, where it may fail. */
    @AnyThread
    static void prepare() {
        Objects.requireNonNull(Zeroes.ALL);
    }

    @Nullable
    @ConfinedTo("the IOThread of the pool")
    FrontWork nextFree;

    @ConfinedTo("the IOThread of the pool")
    private @Nullable Front frontOrNull;

    @ConfinedTo("the IOThread of the pool")
    private @Nullable Request requestOrNull;

    @ConfinedTo("the IOThread of the pool")
    private long size;

    @ConfinedTo("the IOThread of the pool")
    private long at;

    @ConfinedTo("the IOThread of the pool")
    private long to;

    @ConfinedTo("the IOThread of the pool")
    private boolean slowly; // zeroes are written

    @ConfinedTo("the IOThread of the pool")
    private Phase phase = Phase.NEXT;

    @ConfinedTo("the IOThread of the pool")
    private long pieceTo;

    @ConfinedTo("the IOThread of the pool")
    private long bounceFrom;

    @ConfinedTo("the IOThread of the pool")
    private int bounceLength;

    @ConfinedTo("the IOThread of the pool")
    private @Nullable ByteBuffer bounce;

    @ConfinedTo("the IOThread of the pool")
    private @Nullable ByteBuffer zeroes; // a view of its own: position and limit are whoever's does I/O

    @ConfinedTo("the IOThread of the pool")
    private long mark;

    @ConfinedTo("the IOThread of the pool")
    private boolean running;

    @ConfinedTo("the IOThread of the pool")
    private boolean underWay;

    @ConfinedTo("the IOThread of the pool")
    private int outcome;

    @ConfinedTo("the IOThread of the pool")
    private int failure;

    /** Works a request off, from its bounds on, which the front has checked, to its completion. */
    @RequiresReadSection
    void begin(Front newFront, Request newRequest) {
        frontOrNull = newFront;
        requestOrNull = newRequest;
        slowly = !newFront.zeroes();
        phase = Phase.NEXT;
        failure = 0;
        underWay = false;
        at = newRequest.offset;
        to = at + newRequest.length;
        int status;
        try {
            size = newFront.node().size();
            if (newRequest.op == BlockOp.DISCARD) {
                at = newFront.limits().discardFrom(at);
                to = newFront.limits().discardTo(to, size);
            }
            status = GO_ON;
        } catch (RuntimeException | Error bug) {
            status = failed(bug);
        }
        if (status == GO_ON) {
            run();
        } else {
            newRequest.complete(status);
        }
    }

    /** Goes on; when this returns the work may be over, and be another request's. */
    @RequiresReadSection
    void run() {
        running = true;
        int status = GO_ON;
        for (int turns = 0; status == GO_ON; turns++) {
            try {
                status = turns < MOST_TURNS ? turn() : pause();
            } catch (RuntimeException | Error bug) {
                status = failed(bug);
            }
        }
        running = false;
        if (status != SUSPENDED) {
            request().complete(status);
        }
    }

    /** A piece came back. */
    @RequiresReadSection
    void childCompleted(Request child) {
        underWay = false;
        try {
            outcome = outcomeOf(child);
        } catch (RuntimeException | Error bug) {
            outcome = failed(bug);
        }
        if (running) {
            return;
        }
        if (outcome == GO_ON) {
            run();
        } else {
            request().complete(outcome);
        }
    }

    /** Lets go of everything; what it held goes back. */
    void reset(BouncePool pool) {
        if (bounce != null) {
            pool.give(bounce);
            bounce = null;
        }
        frontOrNull = null;
        requestOrNull = null;
    }

    private int failed(Throwable bug) {
        int status = -Errno.ENOMEM;
        if (!(bug instanceof OutOfMemoryError)) {
            status = -Errno.EIO;
            request().thread().reportBug("the front of node " + front().node().name() + " threw on " + request(), bug);
        }
        if (!underWay) {
            return status;
        }
        failure = status;
        return SUSPENDED;
    }

    private int pause() {
        request().frontWaits = true;
        request().startTimer(0);
        return SUSPENDED;
    }

    @RequiresReadSection
    private int turn() {
        if (phase == Phase.PUT_BACK) {
            Request child = fork(BlockOp.WRITE, bounceFrom, bounceLength, request().flags & writeFlags());
            child.attach(bounce, 0);
            return submit(child);
        }
        if (at == to) {
            return front().flushesAfter(request()) ? sync() : DONE;
        }
        return switch (request().op) {
            case READ, WRITE -> transfer();
            case WRITE_ZEROES -> zero();
            case DISCARD -> discard();
            case FLUSH -> throw new IllegalStateException("a flush has no pieces");
        };
    }

    @RequiresReadSection
    private int transfer() {
        FrontLimits limits = front().limits();
        long length = limits.direct(at, to, size);
        if (length == 0) {
            return bounce(limits.bounceTo(at, to, size));
        }
        Request child = piece(Phase.DIRECT, request().op, length, request().flags & writeFlags());
        child.attach(request().buffer(), payload());
        return submit(child);
    }

    @RequiresReadSection
    private int zero() {
        FrontLimits limits = front().limits();
        if (limits.zeroesBounce(at, to, size)) {
            return bounce(limits.zeroBounceTo(at, size));
        }
        long length = slowly ? 0 : limits.zeroes(at, to, size);
        if (length > 0) {
            int flags = front().flushesAfter(request()) ? request().flags & ~BlockOp.FLAG_FUA : request().flags;
            return submit(piece(Phase.ZEROES, BlockOp.WRITE_ZEROES, length, flags));
        }
        if (zeroes == null) {
            zeroes = Zeroes.ALL.duplicate();
        }
        length = limits.writtenZeroes(at, to, size, !slowly);
        Request child = piece(Phase.DIRECT, BlockOp.WRITE, length, request().flags & writeFlags());
        child.attach(zeroes, 0);
        return submit(child);
    }

    @RequiresReadSection
    private int discard() {
        long length = front().limits().discardLength(at, to);
        return submit(piece(Phase.DISCARD, BlockOp.DISCARD, length, request().flags & writeFlags()));
    }

    @RequiresReadSection
    private int bounce(long bounceTo) {
        bounceFrom = front().limits().down(at);
        bounceLength = (int) (bounceTo - bounceFrom);
        ByteBuffer buffer = bounceBuffer(bounceLength);
        phase = Phase.BOUNCE;
        pieceTo = Math.min(to, bounceTo);
        Request child = fork(BlockOp.READ, bounceFrom, bounceLength, 0);
        child.attach(buffer, 0);
        return submit(child);
    }

    private ByteBuffer bounceBuffer(int length) {
        BouncePool pool = request().thread().fronts().bounce();
        ByteBuffer held = bounce;
        if (held != null && held.capacity() < length) {
            bounce = null;
            pool.give(held);
        }
        if (bounce == null) {
            bounce = pool.take(length);
        }
        return bounce;
    }

    @RequiresReadSection
    private int sync() {
        FlushGenerations generations = front().generations();
        if (generations != null) {
            if (generations.clean()) {
                return DONE; // another's flush began after the last piece was counted
            }
            mark = generations.mark();
        }
        phase = Phase.SYNC;
        return submit(fork(BlockOp.FLUSH, 0, 0, 0));
    }

    @RequiresReadSection
    private Request piece(Phase newPhase, BlockOp op, long length, int flags) {
        phase = newPhase;
        pieceTo = at + length;
        return fork(op, at, length, flags);
    }

    @RequiresReadSection
    private Request fork(BlockOp op, long offset, long length, int flags) {
        Request child = request().fork(front().node(), op, offset, length);
        child.forkedAs = Front.PIECE;
        child.flags = flags;
        return child;
    }

    /** The flags that a write keeps: the others are of zeroes, and FUA is the flush's to see to if there is one. */
    private int writeFlags() {
        return front().flushesAfter(request()) ? 0 : BlockOp.FLAG_FUA;
    }

    @RequiresReadSection
    private int submit(Request child) {
        underWay = true;
        child.submitPast(front().node());
        return underWay ? SUSPENDED : outcome;
    }

    private int outcomeOf(Request child) {
        FlushGenerations generations = front().generations();
        if (generations != null) {
            Front.completed(generations, child, mark, child.status);
        }
        if (failure != 0) {
            return failure;
        }
        int status = child.status;
        if (status == -Errno.ENOTSUP) {
            if (phase == Phase.ZEROES && !request().has(BlockOp.FLAG_NO_FALLBACK)) {
                slowly = true;
                return GO_ON;
            }
            status = phase == Phase.DISCARD ? 0 : status;
        }
        if (status != 0 || phase == Phase.SYNC) {
            return status;
        }
        if (phase == Phase.BOUNCE && changed()) {
            phase = Phase.PUT_BACK;
            return GO_ON;
        }
        phase = Phase.NEXT;
        at = pieceTo;
        return GO_ON;
    }

    /** The bounce buffer was read. True if it is to be written now. */
    private boolean changed() {
        ByteBuffer blocks = Objects.requireNonNull(bounce).clear();
        int within = (int) (at - bounceFrom);
        int length = (int) (pieceTo - at);
        switch (request().op) {
            case READ -> request().buffer().clear().put(payload(), blocks, within, length);
            case WRITE -> blocks.put(within, request().buffer().clear(), payload(), length);
            default -> blocks.put(within, Zeroes.ALL, 0, length);
        }
        return request().op != BlockOp.READ;
    }

    /** Where in the request's buffer the byte at {@code at} is. */
    private int payload() {
        return request().bufferOffset + (int) (at - request().offset);
    }

    private Front front() {
        if (frontOrNull == null) {
            throw new IllegalStateException("no request is being worked off");
        }
        return frontOrNull;
    }

    private Request request() {
        if (requestOrNull == null) {
            throw new IllegalStateException("no request is being worked off");
        }
        return requestOrNull;
    }
}
