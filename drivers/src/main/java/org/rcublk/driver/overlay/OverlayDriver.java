// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * A sparse copy-on-write layer in memory over an optional backing child: what was written to it is read from it, the rest
 * from the backing child, zeroes where that ends or is missing.
 *
 * <h2>Clusters</h2>
 * <pre>
 * unallocated --partial write--> copying --child has read--> data        copying --child failed--> unallocated
 * unallocated, zero --whole write, or nothing below to copy--> data      any but copying --zeroed or discarded whole--> zero
 * </pre>
 * A write to part of an unallocated cluster makes the request owner of a {@link Copy}: it forks a child that reads the
 * cluster from the backing child into the memory of the new one, merges its own bytes, publishes the cluster and resumes
 * the writers that met the copy meanwhile, on whichever IOThread. Readers do not wait: until the copy is published no
 * write to the cluster was acknowledged, so the backing child's bytes are right. Zeroing and discarding part of a cluster
 * are writes of zeroes; a whole cluster becomes a zero cluster, which does not reveal the backing child.
 *
 * <p>The copy is right only while nobody writes to the backing node. Appending an overlay is a draining change, so every
 * write that was admitted before has ended before the first copy can begin (guarantee F, hazard H1).
 *
 * <h2>Size</h2>
 * An overlay without a size of its own takes that of its backing child when I/O begins, and keeps it from then on, as QEMU's
 * do: neither a resize nor another backing child changes it. What another child does not reach reads as zeroes.
 *
 * <h2>Flush</h2>
 * Has nothing to do: memory is as durable as it gets, and writes never go to the backing child. What that was written
 * before the overlay was appended is flushed by the change that appends it, under the gate (guarantee K).
 *
 * <h2>Threads</h2>
 * Safe on any number of IOThreads. A request goes through its clusters in order, as a state machine on its IOThread:
 * {@link OverlayIo}.
 *
 * <p>Memory is direct, so that a child can read a file into it without another copy. A cluster that was zeroed or the
 * node that was closed leaves it to the garbage collector; {@link #allocatedBytes} tells how much there is. All overlays
 * together may take 7/8 of the JVM's direct memory, or what the system property {@code org.rcublk.overlay.memory} says
 * in bytes; then a write that needs a new cluster fails with ENOMEM.
 */
public final class OverlayDriver extends BlockDriver {
    /** The cluster size when none is given: 64 KiB. */
    public static final int DEFAULT_CLUSTER = 64 << 10;

    /** The smallest cluster: 512 bytes. */
    public static final int MIN_CLUSTER = 512;

    /** The largest cluster: 2 MiB. */
    public static final int MAX_CLUSTER = 2 << 20;

    /** As size: that of the backing child, when I/O begins. */
    public static final long BACKING_SIZE = -1;

    /**
     * What a reopen may fix.
     *
     * @param size bytes, or {@link #BACKING_SIZE}
     */
    @AnyThread
    public record Settings(long size) implements NodeSettings {}

    private final int clusterSize;
    private final long copyDelayNanos;
    private final boolean readOnly;
    private final Settings opened;
    private final AtomicReference<@Nullable OverlayIo> io = new AtomicReference<>();
    private volatile OverlayIo.Hold copyHold = request -> false;
    private volatile ClusterMemory memory = ClusterMemory.PROCESS;

    /**
     * Creates an overlay in which nothing is allocated.
     *
     * @param size bytes, or {@link #BACKING_SIZE}
     * @param clusterSize bytes: a power of two from {@link #MIN_CLUSTER} to {@link #MAX_CLUSTER}
     * @param copyDelayNanos how long to wait between the read and the write of a copy, to make races likely; 0 for not
     * @param readOnly whether writes are refused
     */
    @GlobalState
    public OverlayDriver(long size, int clusterSize, long copyDelayNanos, boolean readOnly) {
        if (!validCluster(clusterSize)) {
            throw new IllegalArgumentException("cluster size " + clusterSize);
        }
        this.opened = new Settings(size);
        this.clusterSize = clusterSize;
        this.copyDelayNanos = copyDelayNanos;
        this.readOnly = readOnly;
    }

    /**
     * Whether a number is a cluster size.
     *
     * @param bytes the number
     * @return true for a power of two from {@link #MIN_CLUSTER} to {@link #MAX_CLUSTER}
     */
    @AnyThread
    public static boolean validCluster(long bytes) {
        return bytes >= MIN_CLUSTER && bytes <= MAX_CLUSTER && Long.bitCount(bytes) == 1;
    }

    /**
     * The largest disk for a cluster size.
     *
     * @param clusterSize bytes
     * @return bytes
     */
    @AnyThread
    public static long maxSize(int clusterSize) {
        return ClusterTable.MAX_CLUSTERS * clusterSize;
    }

    @Override
    public String driverName() {
        return "overlay";
    }

    @Override
    public boolean acceptsBacking() {
        return true;
    }

    @Override
    public long size(PlanNode self) {
        long size = ((Settings) self.settings()).size();
        if (size != BACKING_SIZE) {
            return size;
        }
        OverlayIo known = io.get();
        if (known != null) {
            return known.size(); // settled: the table fits this size
        }
        PlanNode backing = self.backing();
        return backing == null ? 0 : Math.min(backing.size(), maxSize(clusterSize));
    }

    @Override
    public NodeSettings settings() {
        return opened;
    }

    /**
     * The cluster size.
     *
     * @return bytes; a reopen does not change it
     */
    @AnyThread
    public int clusterSize() {
        return clusterSize;
    }

    /**
     * How long to wait between the read and the write of a copy.
     *
     * @return nanoseconds; a reopen does not change it
     */
    @AnyThread
    public long copyDelayNanos() {
        return copyDelayNanos;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    /**
     * The memory in allocated clusters and copies under way.
     *
     * @return bytes
     */
    @AnyThread
    public long allocatedBytes() {
        OverlayIo made = io.get();
        return made == null ? 0 : made.allocatedBytes();
    }

    /** For tests: called on the IOThread when a copy has been read; true holds it until the request is resumed. */
    @AnyThread
    void holdCopies(OverlayIo.Hold hold) {
        copyHold = hold;
    }

    /** For tests: a budget of its own. Before the first request. */
    @AnyThread
    void takeMemoryFrom(ClusterMemory budget) {
        memory = budget;
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
        long room = size(self);
        boolean modifies = request.op().modifies();
        if (request.offset() > room || request.length() > room - request.offset()) {
            return modifies ? -Errno.ENOSPC : -Errno.EINVAL;
        }
        if (self.readOnly() && modifies) {
            return -Errno.EPERM;
        }
        if (request.length() == 0) {
            request.complete(0); // settles no size: an overlay that is to be appended may still have none
            return 0;
        }
        return io(room).submit(self, request);
    }

    @Override
    public void childCompleted(PlanNode self, Request parent, Request child) {
        io(size(self)).childCompleted(self, parent, child);
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        io(size(self)).resumed(self, request);
    }

    /** Made, and the size settled with it, by the first request: by then the backing child is known. */
    @IoThreadOnly
    private OverlayIo io(long room) {
        OverlayIo known = io.get();
        if (known != null) {
            return known;
        }
        OverlayIo made = new OverlayIo(room, clusterSize, copyDelayNanos, request -> copyHold.holds(request), memory);
        known = io.compareAndExchange(null, made);
        return known == null ? made : known;
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
        OverlayIo made = io.getAndSet(null); // the memory goes with it
        if (made != null) {
            made.close();
        }
    }
}
