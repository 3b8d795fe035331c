// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.rcu.ReaderThread;

/**
 * The graph in service: the current version, and the ways to the next one.
 *
 * <p>Readers call {@link #current}, which is one load (guarantees A, D and I). A request first counts itself in the
 * domain of its root, then loads the version, then looks whether its route is gated; it keeps the version and its token
 * to its end. A look at the graph that uses no resource of a node needs no token.
 *
 * <p>Writers call {@link #commit}; any number may, on any threads that may block. A change is published whole or not at
 * all, on top of what others have published meanwhile (guarantee E). It waits for requests of the roots that it affects
 * and for no others (guarantees F and I), and no longer than its deadline.
 *
 * <p>The parts: {@link BlockGraph} and {@link GraphChange} say what may change; {@code Candidate} what follows from one
 * change; {@code Successors} makes versions; {@code Publisher} exchanges them; {@code Transaction}, which tells the
 * algorithm and its orderings, and {@code StraddlingCommit} bring a change to the exchange; {@code Retirer} closes what
 * left.
 *
 * @param <P> the plan that I/O follows
 */
@AnyThread
public final class LiveGraph<P> {
    private final Publisher<P> publisher = new Publisher<>();
    private final Successors<P> successors;
    private final AtomicInteger waits = new AtomicInteger(); // calls of flushInFlight that wait

    /**
     * An empty graph, as version 0.
     *
     * @param plans compiles the routes
     */
    @GlobalState
    public LiveGraph(PlanFactory<P> plans) {
        this.successors = new Successors<>(plans);
    }

    /**
     * The current version, by one volatile load. Loaded after {@code ReadDomain.downRead}, it is protected by the
     * section: a grace period that began after its successor's publication waits for it. A thread never sees versions
     * go back (guarantee D).
     *
     * @return the version
     */
    @AnyThread
    public Version<P> current() {
        return publisher.current();
    }

    /**
     * Publishes a change. A {@link Draining} one gates and drains what it touches and flushes what leaves a flush set; a
     * {@link Straddling} one waits for guarantee J. Not interruptible; the thread's interrupt flag is kept.
     *
     * @param change the change
     * @param patience how long it may take
     * @return what was published, with the times of its phases
     * @throws GraphException when the change is refused or a flush failed; nothing was changed
     * @throws DrainTimeoutException when the time ran out; nothing was changed, and parked requests were let in again
     * @throws IllegalStateException on an IOThread, or from within a listener or hook of a publication
     */
    @GlobalState
    @WaitsForGracePeriod
    public Publication commit(GraphChange change, Duration patience) {
        ReaderThread.requireMayBlock("LiveGraph.commit");
        Publisher.requireOutside("LiveGraph.commit");
        return switch (change) {
            case Straddling straddling -> new StraddlingCommit<>(publisher, successors, straddling).commit(patience);
            case Draining draining ->
                new Transaction<>(publisher, successors, draining.describe()).commit(draining, patience);
        };
    }

    /**
     * Gates some nodes and waits until no request runs on them: exclusive access. Requests of roots that reach none of
     * them are neither delayed nor waited for (guarantee F). It is not a flush.
     *
     * @param nodes names of nodes
     * @param patience how long it may take
     * @return the drain, to be closed
     * @throws GraphException when a node does not exist
     * @throws DrainTimeoutException when the time ran out; the gates are off again
     * @throws IllegalStateException on an IOThread, or from within a listener or hook of a publication
     */
    @GlobalState
    @WaitsForGracePeriod
    public Drain<P> drain(Iterable<String> nodes, Duration patience) {
        ReaderThread.requireMayBlock("LiveGraph.drain");
        Publisher.requireOutside("LiveGraph.drain");
        HashSet<String> names = HashSet.ofAll(nodes);
        Transaction<P> transaction = new Transaction<>(publisher, successors, new HoldNodes(names).describe());
        return Drain.begin(transaction, names, patience);
    }

    /**
     * Waits for the requests that are in flight now on some nodes, those of detached roots too, and keeps none out: "wait
     * for my requests" rather than exclusive access. What drivers hold back of these roots' requests is let go meanwhile.
     *
     * @param nodes names of nodes
     * @param patience how long it may take
     * @throws GraphException when a node does not exist
     * @throws DrainTimeoutException when the time ran out
     * @throws IllegalStateException on an IOThread, or from within a listener or hook of a publication
     */
    @GlobalState
    @WaitsForGracePeriod
    public void flushInFlight(Iterable<String> nodes, Duration patience) {
        ReaderThread.requireMayBlock("LiveGraph.flushInFlight");
        Publisher.requireOutside("LiveGraph.flushInFlight");
        HashSet<String> names = HashSet.ofAll(nodes);
        Version<P> version = current();
        names.forEach(version.graph()::node);
        List<RootState> roots = new ArrayList<>(version.departed(names));
        for (String id : version.graph().rootsAbove(names)) {
            roots.add(version.graph().root(id).state());
        }
        waits.getAndIncrement();
        roots.forEach(RootState::waitBegins);
        try (Deadline deadline = new Deadline(patience)) {
            publisher.letGo(version, roots);
            GraceWait.await(
                    roots, version.number(), deadline, "wait for requests in flight on " + names.mkString(", "));
        } finally {
            roots.forEach(RootState::waitEnds);
            waits.getAndDecrement();
        }
    }

    /**
     * Whether somebody waits for requests of a root that reaches a node: one that is gated, or by {@link #flushInFlight}.
     * While nobody waits for anything, two volatile loads; else a walk up from the node.
     *
     * @param node the node's name
     * @return as of now; false if the current version has no such node
     */
    @AnyThread
    public boolean waitedFor(String node) {
        Version<P> version = current();
        if (version.gates().isEmpty() && waits.get() == 0) {
            return false;
        }
        for (String id : version.graph().rootsAbove(HashSet.of(node))) {
            Route<P> route = version.route(id);
            if (route != null && (route.gated() || route.root().state().waitedFor())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Has a listener told of every publication from now on.
     *
     * @param listener the listener
     */
    @AnyThread
    public void addListener(GraphListener listener) {
        publisher.listeners().add(listener);
    }

    /**
     * Takes a listener off. It may still be told of a publication that goes on now.
     *
     * @param listener the listener
     */
    @AnyThread
    public void removeListener(GraphListener listener) {
        publisher.listeners().remove(listener);
    }

    /**
     * How many nodes have left the graph and are not closed yet.
     *
     * @return a count, read without a lock
     */
    @AnyThread
    public int retiredNotClosed() {
        return publisher.retirer().notClosed();
    }

    /**
     * Waits until every node that has left the graph is closed, at shutdown say.
     *
     * @param patience how long it may take
     * @return false when the time ran out
     * @throws IllegalStateException on an IOThread
     */
    @GlobalState
    @WaitsForGracePeriod
    public boolean awaitClosed(Duration patience) {
        ReaderThread.requireMayBlock("LiveGraph.awaitClosed");
        try (Deadline deadline = new Deadline(patience)) {
            while (retiredNotClosed() > 0) {
                if (!deadline.pause()) {
                    return false;
                }
            }
            return true;
        }
    }
}
