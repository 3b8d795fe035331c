// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;

/**
 * Exclusive access to some nodes: they are gated and no request runs on them (guarantee F) until {@link #commit} has
 * published a change or {@link #close} has given up.
 *
 * <p>{@link LiveGraph#drain} makes it. Use it in a {@code try} statement: requests of the roots above wait as long as it
 * is open. All methods may be called on any thread that may block; calls exclude each other.
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
public final class Drain<P> implements AutoCloseable {
    private final Object lock = new Object();
    private final Duration patience;
    private @Nullable Transaction<P> transaction;

    Drain(Transaction<P> transaction, Duration patience) {
        this.transaction = transaction;
        this.patience = patience;
    }

    /**
     * Publishes a change and takes the gates off, in one step. What leaves a flush set is flushed first. If the change
     * concerns more than was drained, that is gated and drained too, within the time that the drain had. If this throws,
     * nothing was changed and the drain stays: try another change, or close it.
     *
     * @param change the change, of either kind
     * @return what was published
     * @throws GraphException when the change is refused, a flush fails, or another drain holds a node that it also needs
     * @throws DrainTimeoutException when what else it concerns was not drained, or not flushed, in time
     * @throws IllegalStateException when the drain is over, or on an IOThread
     */
    @WaitsForGracePeriod
    public Publication commit(GraphChange change) {
        org.rcublk.rcu.ReaderThread.requireMayBlock("Drain.commit");
        synchronized (lock) {
            Transaction<P> open = transaction;
            if (open == null) {
                throw new IllegalStateException("this drain is over: drain the nodes anew");
            }
            Publication publication = open.commitHeld(change, patience);
            transaction = null;
            return publication;
        }
    }

    /**
     * Ends the drain. Without a commit before, it takes the gates off, which lets requests in again; nothing else was
     * or is changed. Again, it does nothing.
     */
    @Override
    public void close() {
        synchronized (lock) {
            Transaction<P> open = transaction;
            transaction = null;
            if (open != null) {
                open.abort();
            }
        }
    }
}
