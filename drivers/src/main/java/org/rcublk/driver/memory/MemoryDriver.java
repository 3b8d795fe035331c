// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.memory;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.Limits;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.Resizing;

/**
 * A disk in memory: chunks of {@value ChunkTable#CHUNK} bytes, allocated when they are first written to, so that a disk
 * may be far larger than memory. All operations run on the IOThread and complete before {@code submit} returns. Zeroed and
 * discarded ranges read as zeroes, and whole chunks of them give their memory back. What it holds is gone when the node is
 * closed; a flush has nothing to do. What a resize cuts off is dropped once no request sees the larger size any more, and
 * before the node can grow again: so what grows reads as zeroes (hazard H25).
 *
 * <p>Safe on any number of IOThreads. Requests that overlap and run at the same time leave either's bytes, byte by byte,
 * as on a disk.
 */
public final class MemoryDriver extends BlockDriver {
    /** The largest disk, in bytes: 1 PiB. */
    public static final long MAX_SIZE = 1L << 50;

    /**
     * What a resize changes.
     *
     * @param size bytes
     */
    @AnyThread
    public record Settings(long size) implements NodeSettings {}

    private final Settings opened;
    private final boolean readOnly;
    private final Limits limits;
    private final ChunkTable chunks = new ChunkTable();
    private final AtomicBoolean resizing = new AtomicBoolean();

    /**
     * Creates an all-zero disk.
     *
     * @param size bytes, at most {@link #MAX_SIZE}
     * @param readOnly whether writes are refused
     */
    @AnyThread
    public MemoryDriver(long size, boolean readOnly) {
        this(size, readOnly, Limits.NONE);
    }

    /**
     * Creates an all-zero disk that takes only reads and writes within limits, so that what is done for drivers that have
     * some can be tried without a device. A request that breaks them is refused.
     *
     * @param size bytes, at most {@link #MAX_SIZE}
     * @param readOnly whether writes are refused
     * @param limits of reads, writes and zeroes
     */
    @AnyThread
    public MemoryDriver(long size, boolean readOnly, Limits limits) {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size " + size);
        }
        this.opened = new Settings(size);
        this.readOnly = readOnly;
        this.limits = limits;
    }

    @Override
    public String driverName() {
        return "memory";
    }

    @Override
    public long size(PlanNode self) {
        return ((Settings) self.settings()).size();
    }

    @Override
    public NodeSettings settings() {
        return opened;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public Limits limits(BlockNode self) {
        return limits;
    }

    /** Nothing is more durable than memory is here. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        if (request.op() == BlockOp.FLUSH) {
            request.complete(0);
            return 0;
        }
        long size = size(self);
        if (request.offset() > size || request.length() > size - request.offset()) {
            return request.op().modifies() ? -Errno.ENOSPC : -Errno.EINVAL;
        }
        if (self.readOnly() && request.op().modifies()) {
            return -Errno.EPERM;
        }
        if (breaksLimits(request, size)) {
            return -Errno.EINVAL;
        }
        int status = transfer(request);
        if (status != 0) {
            return status;
        }
        request.complete(0);
        return 0;
    }

    @IoThreadOnly
    private boolean breaksLimits(Request request, long size) {
        if (request.op() == BlockOp.DISCARD) {
            return false;
        }
        long end = request.offset() + request.length();
        boolean aligned = request.offset() % limits.alignment() == 0 && (end % limits.alignment() == 0 || end == size);
        boolean tooLong =
                request.op().hasPayload() && limits.maxTransfer() > 0 && request.length() > limits.maxTransfer();
        return !aligned || tooLong;
    }

    @IoThreadOnly
    @RequiresReadSection
    private int transfer(Request request) {
        try {
            switch (request.op()) {
                case READ ->
                    chunks.read(
                            request.offset(), request.buffer().clear(), request.bufferOffset(), (int) request.length());
                case WRITE ->
                    chunks.write(
                            request.offset(), request.buffer().clear(), request.bufferOffset(), (int) request.length());
                default -> chunks.zero(request.offset(), request.length());
            }
            return 0;
        } catch (OutOfMemoryError e) {
            return -Errno.ENOMEM;
        }
    }

    @Override
    public Resizing resize(BlockNode self, long size) {
        if (size > MAX_SIZE) {
            throw new GraphException(
                    "node '" + self.name() + "' (memory) cannot have " + size + " bytes: choose at most " + MAX_SIZE);
        }
        if (!resizing.compareAndSet(false, true)) {
            throw new GraphException("node '" + self.name() + "' is getting another size already: try again");
        }
        return new NewSize(((Settings) self.settings()).size(), new Settings(size));
    }

    @GlobalState
    private final class NewSize implements Resizing {
        private final long from;
        private final Settings after;

        NewSize(long from, Settings after) {
            this.from = from;
            this.after = after;
        }

        @Override
        public NodeSettings settings() {
            return after;
        }

        @Override
        public void published() {
            if (after.size() < from) {
                chunks.zero(after.size(), from - after.size());
            }
            resizing.set(false);
        }

        @Override
        public void cancelled() {
            resizing.set(false);
        }
    }

    @Override
    public boolean needsFlush() {
        return false;
    }

    @Override
    public void flush() {
        // as durable as it gets
    }

    @Override
    public void close() {
        chunks.clear();
    }
}
