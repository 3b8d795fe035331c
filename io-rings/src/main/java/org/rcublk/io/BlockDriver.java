// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import io.vavr.collection.Set;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.NodeState;
import org.rcublk.rcu.Mutants;

/**
 * A block driver: the identity of one node, shared by every version of the graph that holds the node.
 *
 * <h2>Contract</h2>
 * <ul>
 *   <li><b>Accepted completes exactly once, refused never does</b> (guarantee H). {@link #submit} returns 0 and later,
 *       or at once, somebody calls {@link Request#complete}; or it returns a negated {@link Errno} and nobody does.
 *   <li>{@code submit} runs on the request's IOThread inside its read section. It must not block and should not allocate.
 *       Several IOThreads may be in the same driver at the same time.
 *   <li>A driver passes a request on in one of two ways. A <em>forward</em> hands the same request to a child as the last
 *       act ({@code return self.main().submit(request)}), having adapted offset or buffer if need be. A <em>fork</em>
 *       takes a child request ({@link Request#fork}), which is counted by the grace period with its parent, bypasses
 *       gates, and comes back in {@link #childCompleted}.
 *   <li>A driver says what it takes ({@link #limits}) and what it does itself ({@link #capabilities}), and gets nothing
 *       else, whoever sends it: reads and writes begin at a multiple of the alignment, and end at one or at the size of the
 *       node. It sends nothing to its own node that modifies what the request it works for modifies.
 *   <li>The range of a request was checked against the size of the root before; a driver that shrinks or shifts ranges
 *       checks its own.
 *   <li>What the driver owns is released in {@link #close}, which the graph calls once, after the last read section that
 *       could reach the node.
 * </ul>
 */
public abstract class BlockDriver extends NodeState {
    private static final boolean MADE_TWICE = Mutants.on("io-tracker-made-twice");

    // Both belong to the identity, and are made with the first plan that needs them: who comes second uses the first
    // one's.
    private final AtomicReference<@Nullable RequestTracker> tracker = new AtomicReference<>();
    private final AtomicReference<@Nullable FlushGenerations> generations = new AtomicReference<>();

    /** A driver of one node. */
    @AnyThread
    protected BlockDriver() {}

    /**
     * The driver's name in options, as in QEMU.
     *
     * @return for example "raw"
     */
    @AnyThread
    public abstract String driverName();

    /**
     * The size that a node of this driver presents.
     *
     * @param self the node in one version of the graph
     * @return bytes
     */
    @AnyThread
    public abstract long size(PlanNode self);

    /**
     * Whether a node of this driver reads what it does not hold from a copy-on-write child. Only such a node may be put
     * over another one as its overlay: any other would hide it.
     *
     * @return false unless the driver says otherwise
     */
    @AnyThread
    public boolean acceptsBacking() {
        return false;
    }

    /**
     * Whether a node of this driver takes any number of children, which may come and go, as a quorum does.
     *
     * @return false unless the driver says otherwise
     */
    @AnyThread
    public boolean acceptsChildren() {
        return false;
    }

    /**
     * How large the node's child has to be for the node to have a size, for drivers that present their child's size: to
     * give the node another size is to give the child one.
     *
     * @param self the node in one version of the graph
     * @param size what the node is to have
     * @return the size of the child, or -1 if the node has a size of its own; a filter never has
     * @throws GraphException when the node is a fixed part of its child
     */
    @AnyThread
    public long childSizeFor(BlockNode self, long size) {
        return self.filter() ? size : -1;
    }

    /**
     * Makes another size ready, for drivers whose nodes have a size of their own. Blocks.
     *
     * @param self the node in the version that is current
     * @param size bytes
     * @return what to publish
     * @throws IOException when there is no room: one line for the user; nothing has changed then
     * @throws GraphException when nodes of this driver keep their size, or another change of it is under way
     */
    @GlobalState
    public Resizing resize(BlockNode self, long size) throws IOException {
        throw new GraphException("node '" + self.name() + "' (" + driverName()
                + ") keeps the size that it was opened with: open another node with the size wanted");
    }

    /** Refuses children under other names than the node was opened with, but for what the driver says that it accepts. */
    @Override
    @AnyThread
    public void requireFits(BlockNode before, BlockNode after) {
        if (acceptsChildren()) {
            return;
        }
        Set<String> had = before.children().map(Edge::name).toSet();
        Set<String> has = after.children().map(Edge::name).toSet();
        for (String name : had.diff(has).union(has.diff(had))) {
            if (!name.equals(Edge.BACKING)) {
                throw new GraphException(
                        "node '" + before.name() + "' (" + driverName() + ") is opened with the children "
                                + had.mkString("'", "', '", "'") + ", and the child '" + name
                                + "' can neither be added nor removed: open another node instead");
            }
            if (!acceptsBacking()) {
                throw new GraphException(
                        "node '" + before.name() + "' (" + driverName() + ") takes no backing node: use an overlay");
            }
        }
    }

    /**
     * What the driver does itself. What it leaves out, the block layer does for it.
     *
     * @param self the node in one version of the graph
     * @return {@link Capability#ZEROES} alone unless a driver says otherwise
     */
    @AnyThread
    public java.util.Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.ZEROES);
    }

    /**
     * Starts a request.
     *
     * @param self the node in the version of the graph that the request runs on
     * @param request what to do
     * @return 0 if accepted, a negated {@link Errno} if refused
     */
    @IoThreadOnly
    @RequiresReadSection
    public abstract int submit(PlanNode self, Request request);

    /**
     * Called when a child request that this driver forked has completed. The child is recycled when this returns.
     *
     * @param self the node that forked it
     * @param parent the request that is still open
     * @param child the child, with its status, and buffer if it had one
     */
    @IoThreadOnly
    @RequiresReadSection
    public void childCompleted(PlanNode self, Request parent, Request child) {
        throw new IllegalStateException(driverName() + " forks no requests");
    }

    /**
     * Called on the request's IOThread when a timer that this driver set by {@link Request#startTimer} is due, or when it
     * was resumed by {@link Request#resume}.
     *
     * @param self the node at which the request waits
     * @param request the request
     */
    @IoThreadOnly
    @RequiresReadSection
    public void resumed(PlanNode self, Request request) {
        throw new IllegalStateException(driverName() + " suspends no requests");
    }

    /** The overlaps of requests that modify the node, in all versions of it. */
    @AnyThread
    final RequestTracker tracker() {
        RequestTracker known = tracker.get();
        if (known != null) {
            return known;
        }
        RequestTracker made = new RequestTracker();
        if (MADE_TWICE) {
            tracker.set(made);
            return made;
        }
        known = tracker.compareAndExchange(null, made);
        return known == null ? made : known;
    }

    /** What flushes of the node cover, in all versions of it. */
    @AnyThread
    final FlushGenerations generations() {
        FlushGenerations known = generations.get();
        if (known != null) {
            return known;
        }
        FlushGenerations made = new FlushGenerations();
        known = generations.compareAndExchange(null, made);
        return known == null ? made : known;
    }
}
