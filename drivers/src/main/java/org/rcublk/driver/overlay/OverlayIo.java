// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.driver.overlay.Cluster.Data;
import org.rcublk.driver.overlay.Cluster.Zero;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * The I/O of an overlay: its clusters, and the state machine of each request that goes through them in order.
 *
 * <p>In a request, {@code cursor} is how many bytes are done, {@code frame} the copy that it owns, if any, and
 * {@code step} one of the constants below. The loop of {@link #run} goes cluster by cluster until the request is done or
 * suspended. A child that completes before its submission returns does not re-enter the loop, or the stack would grow with
 * the number of clusters: it leaves its outcome in {@code step} for the loop to find.
 */
final class OverlayIo {
    private static final byte[] ZEROES = new byte[64 << 10];

    /** After so many clusters of zeroes in one go the IOThread is left to others for a moment. */
    static final int MAX_TURNS = 1024;

    // What one turn of the loop came to. A negative number is an error and ends the request.
    private static final int GO_ON = 0;
    private static final int SUSPENDED = 1;

    // Values of step.
    private static final int RUNNING = 0;
    private static final int FORKING = 1; // a child was submitted by the loop, which is still on the stack
    private static final int WAITING = 2; // for a child, a timer or another request's copy; the loop has returned
    private static final int RETURNED = 3; // plus the outcome: the child came back while FORKING. An error is itself.

    /** Of tests. */
    @FunctionalInterface
    interface Hold {
        /** Whether a copy that was read is held until the request is resumed. */
        @IoThreadOnly
        boolean holds(Request request);
    }

    private final long size;
    private final int clusterSize;
    private final long copyDelayNanos;
    private final Hold copyHold;
    private final ClusterMemory memory;
    private final ClusterTable clusters;
    private final AtomicLong allocated = new AtomicLong();

    @AnyThread
    OverlayIo(long size, int clusterSize, long copyDelayNanos, Hold copyHold, ClusterMemory memory) {
        this.size = size;
        this.clusterSize = clusterSize;
        this.copyDelayNanos = copyDelayNanos;
        this.copyHold = copyHold;
        this.memory = memory;
        this.clusters = new ClusterTable((size + clusterSize - 1) / clusterSize);
    }

    @AnyThread
    long size() {
        return size;
    }

    @AnyThread
    long allocatedBytes() {
        return allocated.get();
    }

    /** Gives the memory back; no request comes any more. */
    @GlobalState
    void close() {
        memory.give(allocated.getAndSet(0));
    }

    @IoThreadOnly
    @RequiresReadSection
    int submit(PlanNode self, Request request) {
        PlanNode backing = self.backing();
        long end = request.offset() + request.length();
        if (request.op() == BlockOp.READ
                && backing != null
                && end <= backing.size()
                && unallocated(request.offset(), request.length()) == request.length()) {
            return backing.submit(request);
        }
        if (request.op() == BlockOp.WRITE_ZEROES && request.has(BlockOp.FLAG_NO_FALLBACK)) {
            if (request.offset() % clusterSize != 0 || (end % clusterSize != 0 && end != size)) {
                return -Errno.ENOTSUP; // part of a cluster may have to be copied, which is no faster than writing
            }
        }
        request.cursor(0);
        run(self, request);
        return 0;
    }

    @IoThreadOnly
    @RequiresReadSection
    void childCompleted(PlanNode self, Request parent, Request child) {
        int outcome = child.status();
        if (parent.frame() instanceof Copy copy) {
            outcome = copied(parent, copy, child.status());
        } else if (outcome == 0) {
            parent.cursor(parent.cursor() + child.length());
        }
        if (parent.step() == FORKING) {
            parent.step(outcome < 0 ? outcome : RETURNED + outcome);
        } else if (outcome < 0) {
            parent.complete(outcome);
        } else if (outcome == GO_ON) {
            run(self, parent);
        }
    }

    /** A held or delayed copy goes on, or a copy that the request waited for is over. */
    @IoThreadOnly
    @RequiresReadSection
    void resumed(PlanNode self, Request request) {
        if (request.frame() instanceof Copy copy) {
            publish(request, copy);
        }
        run(self, request);
    }

    @IoThreadOnly
    @RequiresReadSection
    private void run(PlanNode self, Request request) {
        request.step(RUNNING);
        int outcome = GO_ON;
        for (int turns = 0; outcome == GO_ON && request.cursor() < request.length(); turns++) {
            if (turns == MAX_TURNS && !request.op().hasPayload()) {
                request.startTimer(0); // a disk's worth of zeroes: others on this IOThread want a turn
                outcome = SUSPENDED;
            } else {
                outcome = request.op() == BlockOp.READ ? read(self, request) : modify(self, request);
            }
        }
        if (outcome == SUSPENDED) {
            request.step(WAITING);
        } else {
            request.complete(outcome);
        }
    }

    // ---- reads ----

    @IoThreadOnly
    @RequiresReadSection
    private int read(PlanNode self, Request request) {
        long at = position(request);
        int n = withinCluster(request, at);
        Cluster cluster = clusters.get(at / clusterSize);
        if (cluster instanceof Data data) {
            request.buffer().clear().put(payload(request), data.bytes(), (int) (at % clusterSize), n);
        } else if (cluster == Zero.ZERO) {
            fillZeroes(request.buffer().clear(), payload(request), n);
        } else {
            PlanNode backing = self.backing();
            long below = backing == null ? 0 : backing.size() - at;
            if (backing != null && below > 0) {
                return readBacking(self, backing, request, at, below);
            }
            fillZeroes(request.buffer().clear(), payload(request), n);
        }
        request.cursor(request.cursor() + n);
        return GO_ON;
    }

    @IoThreadOnly
    @RequiresReadSection
    private int readBacking(PlanNode self, PlanNode backing, Request request, long at, long below) {
        long n = Math.min(below, unallocated(at, request.length() - request.cursor()));
        Request child = request.fork(self, BlockOp.READ, at, n);
        child.attach(request.buffer(), payload(request));
        return submitChild(request, child, backing);
    }

    /** How many bytes from a position on are neither allocated nor zero; no more than asked for. */
    @AnyThread
    private long unallocated(long at, long length) {
        long end = at + length;
        long to = at;
        while (to < end) {
            Cluster cluster = clusters.get(to / clusterSize);
            if (cluster != null && !(cluster instanceof Copy)) {
                break;
            }
            to = (to / clusterSize + 1) * clusterSize;
        }
        return Math.min(to, end) - at;
    }

    // ---- writes, zeroes, discards ----

    @IoThreadOnly
    @RequiresReadSection
    private int modify(PlanNode self, Request request) {
        long at = position(request);
        int n = withinCluster(request, at);
        boolean whole = at % clusterSize == 0 && (n == clusterSize || at + n == size);
        boolean zeroes = request.op() != BlockOp.WRITE;
        Cluster cluster = clusters.get(at / clusterSize);
        if (cluster instanceof Copy copy) {
            return copy.await(request) ? SUSPENDED : GO_ON;
        }
        if (zeroes && (whole || cluster == Zero.ZERO)) {
            return zeroCluster(request, at, n, cluster);
        }
        if (cluster instanceof Data data) {
            merge(request, data.bytes(), at, n);
            request.cursor(request.cursor() + n);
            return GO_ON;
        }
        PlanNode backing = self.backing();
        if (cluster == null && !whole && backing != null && backing.size() > at - at % clusterSize) {
            long start = at - at % clusterSize;
            return beginCopy(self, backing, request, start, Math.min(clusterSize, backing.size() - start));
        }
        return newCluster(request, at, n, cluster);
    }

    @IoThreadOnly
    @RequiresReadSection
    private int zeroCluster(Request request, long at, int n, @Nullable Cluster cluster) {
        if (cluster != Zero.ZERO) {
            if (!clusters.compareAndSet(at / clusterSize, cluster, Zero.ZERO)) {
                return GO_ON; // somebody was faster: look again
            }
            if (cluster instanceof Data) {
                giveBack();
            }
        }
        request.cursor(request.cursor() + n);
        return GO_ON;
    }

    /** Allocates a cluster of which the request's bytes are all that is not zero. */
    @IoThreadOnly
    @RequiresReadSection
    private int newCluster(Request request, long at, int n, @Nullable Cluster cluster) {
        ByteBuffer bytes = allocate();
        if (bytes == null) {
            return -Errno.ENOMEM;
        }
        merge(request, bytes, at, n);
        if (clusters.compareAndSet(at / clusterSize, cluster, new Data(bytes))) {
            request.cursor(request.cursor() + n);
        } else {
            giveBack(); // somebody was faster: look again
        }
        return GO_ON;
    }

    /** The request's bytes, or zeroes, into a cluster. */
    @IoThreadOnly
    @RequiresReadSection
    private void merge(Request request, ByteBuffer bytes, long at, int n) {
        int within = (int) (at % clusterSize);
        if (request.op() == BlockOp.WRITE) {
            bytes.put(within, request.buffer().clear(), payload(request), n);
        } else {
            fillZeroes(bytes, within, n);
        }
    }

    // ---- copies ----

    @IoThreadOnly
    @RequiresReadSection
    private int beginCopy(PlanNode self, PlanNode backing, Request request, long start, long n) {
        ByteBuffer bytes = allocate();
        if (bytes == null) {
            return -Errno.ENOMEM;
        }
        Copy copy = new Copy(new Data(bytes));
        if (!clusters.compareAndSet(start / clusterSize, null, copy)) {
            giveBack();
            return GO_ON; // somebody was faster: look again
        }
        request.frame(copy);
        Request child;
        try {
            child = request.fork(self, BlockOp.READ, start, n);
        } catch (RuntimeException | Error e) {
            end(request, copy, false); // others may wait for the copy
            throw e;
        }
        child.attach(bytes, 0);
        return submitChild(request, child, backing);
    }

    @IoThreadOnly
    @RequiresReadSection
    private int copied(Request request, Copy copy, int status) {
        if (status != 0) {
            end(request, copy, false);
            return status;
        }
        boolean suspended;
        try {
            if (copyDelayNanos > 0) {
                request.startTimer(copyDelayNanos);
                suspended = true;
            } else {
                suspended = copyHold.holds(request);
            }
        } catch (RuntimeException | Error e) {
            end(request, copy, false);
            throw e;
        }
        return suspended ? SUSPENDED : publish(request, copy);
    }

    @IoThreadOnly
    @RequiresReadSection
    private int publish(Request request, Copy copy) {
        long at = position(request);
        int n = withinCluster(request, at);
        ByteBuffer bytes = copy.data.bytes();
        bytes.clear(); // the child may have left a position and a limit, which bound absolute access too
        boolean merged = false;
        try {
            merge(request, bytes, at, n);
            merged = true;
        } finally {
            end(request, copy, merged); // also if that threw: others may wait for the copy
        }
        request.cursor(request.cursor() + n);
        return GO_ON;
    }

    /** Table first, waiters second: see {@link Copy}. */
    @IoThreadOnly
    private void end(Request request, Copy copy, boolean good) {
        if (!clusters.compareAndSet(position(request) / clusterSize, copy, good ? copy.data : null)) {
            throw new IllegalStateException("a copy was replaced by somebody else than its owner");
        }
        if (!good) {
            giveBack();
        }
        request.frame(null);
        copy.close();
    }

    /** Null if there is no memory. The budget first: see {@link ClusterMemory}. */
    @AnyThread
    private @Nullable ByteBuffer allocate() {
        if (!memory.take(clusterSize)) {
            return null;
        }
        allocated.addAndGet(clusterSize);
        try {
            return ByteBuffer.allocateDirect(clusterSize);
        } catch (OutOfMemoryError e) {
            giveBack();
            return null;
        }
    }

    @AnyThread
    private void giveBack() {
        allocated.addAndGet(-clusterSize);
        memory.give(clusterSize);
    }

    // ---- helpers ----

    @IoThreadOnly
    @RequiresReadSection
    private static int submitChild(Request request, Request child, PlanNode backing) {
        request.step(FORKING);
        child.submitTo(backing);
        int step = request.step();
        if (step == FORKING) {
            return SUSPENDED;
        }
        return step < 0 ? step : step - RETURNED;
    }

    @IoThreadOnly
    private static long position(Request request) {
        return request.offset() + request.cursor();
    }

    /** Where in the buffer the bytes at {@link #position} are. */
    @IoThreadOnly
    private static int payload(Request request) {
        return request.bufferOffset() + (int) request.cursor();
    }

    /** How many of the bytes left are in the cluster of a position. */
    @IoThreadOnly
    private int withinCluster(Request request, long at) {
        return (int) Math.min(request.length() - request.cursor(), clusterSize - at % clusterSize);
    }

    @AnyThread
    private static void fillZeroes(ByteBuffer buffer, int from, int length) {
        for (int done = 0; done < length; done += ZEROES.length) {
            buffer.put(from + done, ZEROES, 0, Math.min(ZEROES.length, length - done));
        }
    }
}
