// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.rcu.Mutants;

/**
 * A node's identity: what lives as long as the node does and is shared by all versions that hold it, such as the open
 * file, caches and the tracking of overlaps. Drivers extend it.
 *
 * <h2>Life</h2>
 * <pre>
 * NEW  --claimed by one publication-->  LIVE  --published without the node-->  RETIRED  --grace periods-->  CLOSED
 *  ^______claim undone, not published____|
 * </pre>
 * Only a NEW state can be claimed, so one that was ever part of a published graph never enters another (guarantee C).
 * {@link #close} runs once, after the last read section that could reach the node has ended, and after every control use
 * has: a flush that outlives its deadline keeps the node open, and so does a parent that is not closed yet and may still
 * flush into this node. A state that was never published stays its creator's to close.
 *
 * <h2>Threads</h2>
 * The life and the uses are guarded by the object's lock, which is never held while anything of the driver runs. Only
 * threads of the control path come here.
 */
public abstract class NodeState {
    private enum Life {
        NEW,
        LIVE,
        RETIRED,
        CLOSED
    }

    private static final boolean RESURRECT = Mutants.on("graph-resurrect");

    private final Object lock = new Object();
    private volatile Life life = Life.NEW; // written under the lock; a look at whether it is closed needs none
    private int uses;
    private final List<Runnable> whenUnused = new ArrayList<>();

    /** For drivers: a state that no graph has published. */
    @AnyThread
    protected NodeState() {}

    /**
     * Makes every write that completed before this call durable, as far as this node stores it itself; its children
     * are flushed after it. Blocks. Called for nodes that are not {@linkplain #readOnly read-only}, on a virtual
     * thread, perhaps while requests run.
     *
     * @throws IOException when that failed; a change that needed it is then aborted (guarantee K)
     */
    @GlobalState
    public abstract void flush() throws IOException;

    /**
     * Whether {@link #flush} may have anything to do. Where it has not, a change saves itself the thread that a flush under a
     * deadline takes.
     *
     * @return true unless a driver says otherwise, which it does only if it never holds or stores anything whose durability
     *     a flush is about; constant
     */
    @AnyThread
    public boolean needsFlush() {
        return true;
    }

    /**
     * Releases what the node owns. Called by the graph, once, on a virtual thread, when nobody uses the node any more
     * (guarantee C); children are still open. May block.
     *
     * @throws IOException when that failed; it is logged and not tried again
     */
    @GlobalState
    public abstract void close() throws IOException;

    /**
     * Whether the node was opened read-only. A reopen may change that in a later version: see
     * {@link BlockNode#readOnly}.
     *
     * @return false unless a driver says otherwise; constant
     */
    @AnyThread
    public boolean readOnly() {
        return false;
    }

    /**
     * What the driver made of the options that the node was opened with. A reopen may change that in a later version: see
     * {@link BlockNode#settings}.
     *
     * @return {@link NodeSettings#NONE} unless a driver says otherwise; constant
     */
    @AnyThread
    public NodeSettings settings() {
        return NodeSettings.NONE;
    }

    /**
     * What the driver takes. Pure.
     *
     * @param self the node in one version of the graph
     * @return {@link Limits#NONE} unless a driver says otherwise
     */
    @AnyThread
    public Limits limits(BlockNode self) {
        return Limits.NONE;
    }

    /**
     * What the node does with a child, and what it lets the child's other users do, when its own users do and share this.
     * Pure.
     *
     * @param self the node in one version of the graph
     * @param edge the edge to the child
     * @param above all that the node's users do, and what all of them share
     * @return by the edge's roles ({@link RolePermissions}) unless a driver says otherwise
     */
    @AnyThread
    public Grant childGrant(BlockNode self, Edge edge, Grant above) {
        return RolePermissions.grant(self, edge, above);
    }

    /**
     * Refuses children that the driver cannot do with. Pure.
     *
     * @param before the node as it is
     * @param after the node as it would be, with other children
     * @throws GraphException when the driver needs the children that it has, or takes no such child
     */
    @AnyThread
    public void requireFits(BlockNode before, BlockNode after) {}

    /**
     * As {@link #flush()}, for drivers whose settings own what is flushed.
     *
     * @param self the node in the version that is current
     * @throws IOException as {@link #flush()} does
     */
    @GlobalState
    public void flush(BlockNode self) throws IOException {
        flush();
    }

    /**
     * Called after a gate has begun to keep out the new requests of a root that reaches this node, or after the root was
     * detached, on a thread of the control path: what the driver holds back of its requests is to go on, because somebody
     * waits for them (guarantee G). A request that comes to the driver later finds the root gated, or gone, in the version
     * that is current then. Must not block.
     *
     * @param root the root whose requests are waited for
     */
    @GlobalState
    public void gated(RootState root) {}

    /**
     * Whether {@link #close} has returned.
     *
     * @return whether the node is closed
     */
    @AnyThread
    public final boolean isClosed() {
        return life == Life.CLOSED;
    }

    /** Claims a NEW state for one publication; false when it was claimed before. */
    @GlobalState
    final boolean claim() {
        synchronized (lock) {
            if (life != Life.NEW && !(RESURRECT && life != Life.LIVE)) {
                return false;
            }
            life = Life.LIVE;
            return true;
        }
    }

    /** Undoes a claim whose publication did not happen. */
    @GlobalState
    final void unclaim() {
        synchronized (lock) {
            life = Life.NEW;
        }
    }

    /** Marks a published state as out of the graph for good; false when it was already. */
    @GlobalState
    final boolean retire() {
        synchronized (lock) {
            if (life != Life.LIVE) {
                return false;
            }
            life = Life.RETIRED;
            return true;
        }
    }

    /** Begins a control use of a node that is part of the graph; false when it is not, or no longer. */
    @GlobalState
    final boolean retain() {
        synchronized (lock) {
            if (life != Life.LIVE) {
                return false;
            }
            uses++;
            return true;
        }
    }

    /** Ends a control use; the last one lets a waiting close go on. */
    @GlobalState
    final void release() {
        List<Runnable> waiting = List.of();
        synchronized (lock) {
            if (--uses == 0) {
                waiting = List.copyOf(whenUnused);
                whenUnused.clear();
            }
        }
        waiting.forEach(Runnable::run);
    }

    /** Runs the task once there is no control use: now, or by the thread that ends the last one. */
    @GlobalState
    final void whenUnused(Runnable task) {
        synchronized (lock) {
            if (uses > 0) {
                whenUnused.add(task);
                return;
            }
        }
        task.run();
    }

    @GlobalState
    final void closed() {
        synchronized (lock) {
            life = Life.CLOSED;
        }
    }
}
