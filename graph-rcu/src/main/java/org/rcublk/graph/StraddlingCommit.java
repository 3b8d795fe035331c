// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;

/**
 * The publication of a change that requests may straddle: no gate of its own, one exchange.
 *
 * <p>It waits while another transaction gates what it touches, and then until the last change of each affected route is
 * covered by a grace period (guarantee J); it holds nothing meanwhile. Both are decided on the version that it
 * replaces: a route carries the number of the version in which it replaced another, so a change that was published a
 * moment ago counts even if its grace period has not been asked for yet.
 *
 * <p>What an added node is laid over is flushed before, while others may publish; the version that is replaced tells
 * whether a root has left it since.
 *
 * <p>Where roots are attached and detached, and nodes added, alone, that waits for no gate: an attached root inherits it, a
 * detached one has no requests to let in. A root that goes is not waited for by guarantee J either; it has no further
 * version.
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
final class StraddlingCommit<P> {
    private final Publisher<P> publisher;
    private final Successors<P> successors;
    private final Straddling change;
    private final String what;
    private final Claims claims = new Claims();
    private final Stopwatch watch = new Stopwatch();
    private final IdentityHashMap<NodeState, Long> flushed = new IdentityHashMap<>();

    StraddlingCommit(Publisher<P> publisher, Successors<P> successors, Straddling change) {
        this.publisher = publisher;
        this.successors = successors;
        this.change = change;
        this.what = change.describe();
    }

    @WaitsForGracePeriod
    Publication commit(Duration patience) {
        try (Deadline deadline = new Deadline(patience)) {
            while (true) {
                watch.round();
                Version<P> version = publisher.latest();
                Candidate candidate = Candidate.of(change, version.graph());
                claims.claim(candidate);
                requireNothingLeaves(candidate);
                if (waitForGate(version, candidate, deadline)
                        || waitForCover(version, candidate, deadline)
                        || flushBacking(version, candidate, deadline)) {
                    continue;
                }
                Step<P> step = successors.changed(
                        version, candidate, null, io.vavr.collection.HashSet.empty(), java.util.Set.of());
                if (publisher.publish(step, () -> claims.published(candidate), () -> {})) {
                    return tell(step);
                }
            }
        } finally {
            claims.undo(); // nothing is left to undo when the change was published
        }
    }

    private Publication tell(Step<P> step) {
        Version<P> after = step.after();
        Publication publication = new Publication(
                after.number(), Publication.Kind.CHANGE, what, watch.committed(), after.graph(), after.gatedNodes());
        publisher.tell(publication);
        return publication;
    }

    private void requireNothingLeaves(Candidate candidate) {
        if (!candidate.reset().isEmpty()) {
            throw new GraphException(what + ": reopens node '"
                    + candidate.reset().getFirst().name() + "' and must drain: make it a Draining change");
        }
        if (!candidate.leaving().isEmpty()) {
            throw new GraphException(what + ": takes node '"
                    + candidate.leaving().getFirst().name()
                    + "' out of the flush set of a root and must drain: make it a Draining change");
        }
    }

    private boolean waitForGate(Version<P> version, Candidate candidate, Deadline deadline) {
        if (candidate.onlyRootsComeAndGo()) {
            return false;
        }
        String obstacle = Conflicts.find(version, candidate.gates(), candidate.affected(), null);
        if (obstacle == null) {
            return false;
        }
        long start = System.nanoTime();
        if (!deadline.pause()) {
            throw new DrainTimeoutException(
                    DrainTimeoutException.Phase.GATE,
                    what + ": waited for a gate for more than "
                            + deadline.patience().toMillis() + " ms, so nothing was changed; " + obstacle,
                    null);
        }
        watch.gateTried(start);
        return true;
    }

    @WaitsForGracePeriod
    private boolean waitForCover(Version<P> version, Candidate candidate, Deadline deadline) {
        List<RootState> uncovered = new ArrayList<>();
        for (String id : candidate.affected()) {
            Route<P> route = version.route(id);
            GraphRoot root = candidate.after().findRoot(id);
            if (route == null
                    || root == null
                    || !Identity.same(root.state(), route.root().state())) {
                continue; // it comes or goes
            }
            if (route.root().state().elapsedVersion() < route.replacedIn()) {
                uncovered.add(route.root().state());
            }
        }
        if (uncovered.isEmpty()) {
            return false;
        }
        long start = System.nanoTime();
        GraceWait.await(uncovered, version.number(), deadline, what);
        watch.drained(start);
        return true;
    }

    /**
     * Flushes what the change is laid over, after the end of the requests of roots that wrote there formerly; false when
     * that is done (guarantee K). A root that has left since then makes it due again.
     */
    @WaitsForGracePeriod
    private boolean flushBacking(Version<P> version, Candidate candidate, Deadline deadline) {
        List<BlockNode> dirty = candidate.backing().stream()
                .filter(n -> version.leftSince(n.name(), flushed.getOrDefault(n.state(), -1L)))
                .toList();
        if (dirty.isEmpty()) {
            return false;
        }
        List<RootState> departed =
                version.departed(dirty.stream().map(BlockNode::name).toList());
        if (!departed.isEmpty()) {
            long start = System.nanoTime();
            GraceWait.await(departed, version.number(), deadline, what);
            watch.drained(start);
        }
        long start = System.nanoTime();
        Flusher.flush(dirty, deadline, what);
        dirty.forEach(n -> flushed.put(n.state(), version.number()));
        watch.flushed(start);
        return true;
    }
}
