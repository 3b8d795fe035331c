// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.rcu.ReaderThread;

/**
 * Exclusive access to some nodes: they are gated and no request runs on them (guarantee F) until {@link #commit} has
 * published a change or {@link #close} has given up.
 *
 * <p>{@link LiveGraph#drain} makes it. Use it in a {@code try} statement: requests of the roots above wait as long as it
 * is open. All methods may be called on any thread that may block; calls of drains that are nested exclude each other.
 *
 * <p>Drains nest: {@link #drain} makes one within another, over the same nodes or more. A node is gated until the last of
 * them that holds it has ended, in whichever order they end. Two drains that are not nested never hold one node, or one
 * root's nodes, at the same time: the second waits for the first.
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
public final class Drain<P> implements AutoCloseable {
    private final Family<P> family;
    private final HashSet<String> nodes;

    /**
     * A drain and those nested in it, which have their gates from one transaction.
     *
     * @param transaction places the gates and takes them off
     * @param patience how long a call may take
     * @param open those that have not ended; what it holds is guarded by its lock
     */
    private record Family<P>(Transaction<P> transaction, Duration patience, List<Drain<P>> open) {

        /** What stays gated when one drain ends, or null for none. */
        HashSet<String> heldWithout(@Nullable Drain<P> ending) {
            HashSet<String> held = HashSet.empty();
            for (Drain<P> drain : open) {
                held = Identity.same(drain, ending) ? held : held.addAll(drain.nodes);
            }
            return held;
        }

        void hold(HashSet<String> nodes) {
            transaction.hold(nodes, heldWithout(null), patience);
        }
    }

    private Drain(Family<P> family, HashSet<String> nodes) {
        this.family = family;
        this.nodes = nodes;
        family.open.add(this);
    }

    @WaitsForGracePeriod
    static <P> Drain<P> begin(Transaction<P> transaction, HashSet<String> nodes, Duration patience) {
        Family<P> family = new Family<>(transaction, patience, new ArrayList<>());
        family.hold(nodes);
        return new Drain<>(family, nodes);
    }

    /**
     * Drains more nodes, or the same ones once more, within this drain and within as much time as it had. If this throws,
     * what was drained before stays so.
     *
     * @param more names of nodes
     * @return the nested drain, to be closed
     * @throws GraphException when a node does not exist, or somebody else gates one of them
     * @throws DrainTimeoutException when the time ran out
     * @throws IllegalStateException when this drain is over, on an IOThread, or from within a listener or hook of a
     *     publication
     */
    @WaitsForGracePeriod
    public Drain<P> drain(Iterable<String> more) {
        ReaderThread.requireMayBlock("Drain.drain");
        Publisher.requireOutside("Drain.drain");
        synchronized (family.open) {
            requireOpen();
            HashSet<String> names = HashSet.ofAll(more);
            family.hold(names);
            return new Drain<>(family, names);
        }
    }

    /**
     * Publishes a change and takes the gates off, but for those of drains that this one is nested in, in one step. What
     * leaves a flush set is flushed first. If the change concerns more than was drained, that is gated and drained too,
     * within the time that the drain had. If this throws, nothing was changed and the drain stays: try another change, or
     * close it.
     *
     * @param change the change, of either kind
     * @return what was published
     * @throws GraphException when the change is refused, a flush fails, or another drain holds a node that it also needs
     * @throws DrainTimeoutException when what else it concerns was not drained, or not flushed, in time
     * @throws IllegalStateException when the drain is over, on an IOThread, or from within a listener or hook of a
     *     publication
     */
    @WaitsForGracePeriod
    public Publication commit(GraphChange change) {
        ReaderThread.requireMayBlock("Drain.commit");
        Publisher.requireOutside("Drain.commit");
        synchronized (family.open) {
            requireOpen();
            Publication publication = family.transaction.commitHeld(
                    change, family.heldWithout(this), family.heldWithout(null), family.patience);
            family.open.remove(this);
            return publication;
        }
    }

    /**
     * Publishes a change as {@link #commit} does, and keeps the gates: requests stay out until the drain ends.
     *
     * @param change the change, of either kind
     * @return what was published
     * @throws GraphException as {@link #commit} does
     * @throws DrainTimeoutException as {@link #commit} does
     * @throws IllegalStateException as {@link #commit} does
     */
    @WaitsForGracePeriod
    public Publication change(GraphChange change) {
        ReaderThread.requireMayBlock("Drain.change");
        Publisher.requireOutside("Drain.change");
        synchronized (family.open) {
            requireOpen();
            HashSet<String> held = family.heldWithout(null);
            return family.transaction.commitHeld(change, held, held, family.patience);
        }
    }

    private void requireOpen() {
        if (!family.open.contains(this)) {
            throw new IllegalStateException("this drain is over: drain the nodes anew");
        }
    }

    /**
     * Ends the drain. Without a commit before, it takes the gates off that no other drain of this nest needs, which lets
     * requests in again; nothing else was or is changed. Again, it does nothing.
     *
     * @throws IllegalStateException from within a listener or hook of a publication; the drain stays, to be closed later
     */
    @Override
    public void close() {
        Publisher.requireOutside("Drain.close");
        synchronized (family.open) {
            if (family.open.remove(this)) {
                family.transaction.release(family.heldWithout(null));
            }
        }
    }
}
