// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.ReaderThread;
import org.rcublk.rcu.Steps;

/**
 * The two-phase publication: gate, drain, flush, change, release.
 *
 * <h2>Algorithm</h2>
 * One loop, each round on the version that is current then, doing the first thing that is missing:
 * <ol>
 *   <li>make the candidate: apply the change, validate it, claim the identities that it adds; what throws here has
 *       changed nothing;
 *   <li>a node to gate is not gated by us: place all missing gates in one exchange, unless somebody else gates one of
 *       these nodes or a node under one of the roots above them; then give back our own gates and try again later;
 *   <li>a root above our gates has not been drained since it was gated, or a root that was above them formerly may still
 *       have requests there: wait for a grace period of its domain;
 *   <li>a node that leaves a flush set, or that is laid over, has not been flushed since the drain: flush it;
 *   <li>publish the candidate without our gates, if the version is still current.
 * </ol>
 * Before the loop, what step 4 flushes is flushed once without any gate, so that the flush under it finds little.
 * Any failure, a missed deadline too, takes the gates off by a publication of its own, which lets requests in again.
 *
 * <h2>Invariants</h2>
 * <ul>
 *   <li>No hold and wait: while this transaction waits for another's gate it holds none (guarantee G). A
 *       {@link Drain} that a caller keeps is refused instead, since it promised its caller to keep its gates.
 *   <li>Two transactions whose gates, or whose roots, overlap are never both past step 2 (guarantee F).
 *   <li>The published graph is made from the version that it replaces, never from the one that was gated
 *       (guarantee E); what others published meanwhile is in it.
 *   <li>{@code drained} is right as long as our gates stay: a root that was gated and drained admits nothing until we
 *       publish, since every version in between derives its gate from the same table. No other change can move it from
 *       under the gates; those wait at step 2 or in {@link StraddlingCommit}. A root that was attached under the gates
 *       was gated in its first version.
 * </ul>
 *
 * <h2>Orderings</h2>
 * A reader counts itself (volatile store), then loads the version (volatile load). We publish the gate (volatile
 * compare-and-set), then ask for a grace period (full fence, volatile loads of the counts). Volatile accesses are in one
 * total order, so either the grace period sees the reader's count and waits for it, or the reader sees the gate. The
 * grace period's end happens after the effects of all requests that it waited for (guarantee B), so the flush and the
 * change come after them; the release hook is called after the exchange, so whoever is woken by it sees the new version.
 *
 * <p>Fields are plain: a transaction is confined to one thread at a time, and a {@link Drain} passes it on under its
 * lock. All shared state is in {@link Publisher}, {@link RootState} and {@link NodeState}.
 *
 * <p>References: "phased state change" in P. McKenney, "Is Parallel Programming Hard, And, If So, What Can You Do About
 * It?", chapter on deferred processing; Linux {@code rcu_sync}.
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
final class Transaction<P> {
    private static final boolean NO_GATE = Mutants.on("graph-no-gate");
    private static final boolean REBASE_ON_GATED = Mutants.on("graph-rebase-on-gated");

    private final Publisher<P> publisher;
    private final Successors<P> successors;
    private final String what;
    private final GateOwner owner;
    private final Claims claims = new Claims();
    private final Stopwatch watch = new Stopwatch();
    private final Set<RootState> drained = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<NodeState> flushed = Collections.newSetFromMap(new IdentityHashMap<>());
    private HashSet<String> held = HashSet.empty();
    private boolean promised;
    private @Nullable Candidate candidate; // made last, from what, and by which change
    private @Nullable BlockGraph candidateOf;
    private @Nullable GraphChange candidateBy;
    private @Nullable BlockGraph gatedGraph; // of a negative control

    /** A candidate for which nothing is missing any more, and the version that it was made from. */
    @SuppressWarnings("VersionInField") // lives for one round of the loop
    private record Ready<P>(Version<P> version, Candidate candidate) {}

    Transaction(Publisher<P> publisher, Successors<P> successors, String what) {
        this.publisher = publisher;
        this.successors = successors;
        this.what = what;
        this.owner = new GateOwner(what);
    }

    /** Everything: flush, gate, drain, flush, change, release. */
    @WaitsForGracePeriod
    Publication commit(GraphChange change, Duration patience) {
        boolean committed = false;
        try (Deadline deadline = new Deadline(patience)) {
            flushBeforeGate(change, deadline);
            Publication publication = publish(change, HashSet.empty(), deadline);
            committed = true;
            return publication;
        } finally {
            if (!committed) {
                abort();
            }
        }
    }

    /**
     * Gates the nodes and drains the roots above them, and keeps the gates from then on.
     *
     * @param keep what stays gated if that fails
     */
    @WaitsForGracePeriod
    void hold(HashSet<String> nodes, HashSet<String> keep, Duration patience) {
        boolean done = false;
        try (Deadline deadline = new Deadline(patience)) {
            prepare(new HoldNodes(nodes), deadline);
            promised = true;
            done = true;
        } finally {
            if (!done) {
                release(keep);
            }
        }
    }

    /**
     * Publishes a change under the gates that are held.
     *
     * @param keep what stays gated if that succeeds
     * @param stays what stays gated if that fails
     */
    @WaitsForGracePeriod
    Publication commitHeld(GraphChange change, HashSet<String> keep, HashSet<String> stays, Duration patience) {
        boolean committed = false;
        try (Deadline deadline = new Deadline(patience)) {
            Publication publication = publish(change, keep, deadline);
            committed = true;
            return publication;
        } finally {
            if (!committed) {
                release(stays);
            }
        }
    }

    private void undoClaims() {
        candidate = null; // whose claims these are
        claims.undo();
    }

    /** Takes the gates off, lets requests in again and gives back what was claimed; changes nothing else. */
    void abort() {
        release(HashSet.empty());
    }

    /** Takes gates off, but for those to keep, and gives back what was claimed. */
    void release(HashSet<String> keep) {
        undoClaims();
        ungate(keep);
    }

    /** Placing no gate, so requests run meanwhile; the part of the flush that takes unbounded time. */
    private void flushBeforeGate(GraphChange change, Deadline deadline) {
        Candidate candidate = candidate(change, publisher.latest());
        List<BlockNode> dirty = candidate.toFlush();
        if (!dirty.isEmpty()) {
            long start = System.nanoTime();
            Flusher.flush(dirty, deadline, what);
            watch.flushed(start);
        }
    }

    @WaitsForGracePeriod
    private Publication publish(GraphChange change, HashSet<String> keep, Deadline deadline) {
        while (true) {
            Ready<P> ready = prepare(change, deadline);
            if (Steps.ENABLED) {
                Steps.reach("graph.commit");
            }
            BlockGraph after = ready.candidate().after();
            HashSet<String> kept = keep.filter(n -> after.find(n) != null); // a gate stays on no name without a node
            Step<P> step = successors.changed(ready.version(), ready.candidate(), owner, held.removeAll(kept), drained);
            if (publisher.publish(step, () -> claims.published(ready.candidate()), () -> gatesOff(step))) {
                forgetGates(kept, step.after());
                return tell(Publication.Kind.CHANGE, step, change.describe(), watch.committed());
            }
        }
    }

    /** Rounds of the loop until nothing is missing but the publication itself. */
    @WaitsForGracePeriod
    private Ready<P> prepare(GraphChange change, Deadline deadline) {
        while (true) {
            watch.round();
            Version<P> version = publisher.latest();
            Candidate candidate = candidate(change, version);
            boolean waited = !NO_GATE
                    && (gate(version, candidate, deadline)
                            || drain(version, candidate, deadline)
                            || flush(candidate, deadline));
            if (!waited) {
                return new Ready<>(version, candidate);
            }
        }
    }

    /** Made anew for each graph, and not for each version: gates leave the graph as it is. */
    private Candidate candidate(GraphChange change, Version<P> version) {
        BlockGraph base = REBASE_ON_GATED && gatedGraph != null ? gatedGraph : version.graph();
        Candidate known = candidate;
        if (known != null && Identity.same(base, candidateOf) && Identity.same(change, candidateBy)) {
            return known;
        }
        Candidate fresh = Candidate.of(change, base);
        claims.claim(fresh);
        candidate = fresh;
        candidateOf = base;
        candidateBy = change;
        return fresh;
    }

    /** Step 2; false when no gate is missing. */
    private boolean gate(Version<P> version, Candidate candidate, Deadline deadline) {
        HashSet<String> missing = candidate.gates().filter(n -> !version.gates().heldBy(n, owner));
        if (missing.isEmpty()) {
            return false;
        }
        for (String id : version.graph().rootsAbove(missing)) { // before any gate: nothing is to be undone then
            ReaderThread.requireMayWait(what, version.graph().root(id).state().domain());
        }
        long start = System.nanoTime();
        String obstacle = Conflicts.find(version, missing, candidate.affected(), owner);
        if (obstacle != null) {
            giveWay(obstacle, deadline);
            watch.gateTried(start);
            return true;
        }
        if (Steps.ENABLED) {
            Steps.reach("graph.gate");
        }
        Step<P> step = successors.gated(version, owner, missing);
        if (publisher.publish(step, () -> {}, held.isEmpty() ? watch::gatesOn : () -> {})) {
            held = held.addAll(missing);
            gatedGraph = step.after().graph();
            watch.gateTried(start);
            tell(Publication.Kind.GATE, step, what, watch.uncommitted());
            if (Steps.ENABLED) {
                Steps.reach("graph.gated");
            }
        }
        return true;
    }

    private void giveWay(String obstacle, Deadline deadline) {
        if (promised) {
            throw new GraphException(what + ": the change reaches beyond what was drained, and " + obstacle
                    + "; drain all of its nodes in one drain");
        }
        ungate(HashSet.empty());
        if (!deadline.pause()) {
            throw new DrainTimeoutException(
                    DrainTimeoutException.Phase.GATE,
                    what + ": did not get its gate within "
                            + deadline.patience().toMillis() + " ms, so nothing was changed; " + obstacle,
                    null);
        }
    }

    /**
     * Step 3; false when all roots above the gates have been drained, and those too that left from above them, or from what
     * is laid over, with requests in flight. The wait for these lasts: whatever they are attached to now, they do not reach
     * our gates.
     */
    @WaitsForGracePeriod
    private boolean drain(Version<P> version, Candidate candidate, Deadline deadline) {
        HashSet<String> left =
                held.addAll(candidate.backing().stream().map(BlockNode::name).toList());
        List<RootState> open = new ArrayList<>(version.departed(left));
        open.removeAll(drained);
        if (!open.isEmpty()) {
            flushed.clear(); // what they wrote came after it
        }
        List<RootState> above = new ArrayList<>();
        for (String id : version.graph().rootsAbove(held)) {
            above.add(version.graph().root(id).state());
        }
        above.removeAll(drained);
        open.removeAll(above);
        open.addAll(above);
        if (open.isEmpty()) {
            return false;
        }
        long start = System.nanoTime();
        GraceWait.await(open, version.number(), deadline, what);
        drained.addAll(above); // not the departed: one that comes back above our gates is drained then
        watch.drained(start);
        if (Steps.ENABLED) {
            Steps.reach("graph.drained");
        }
        return true;
    }

    /** Step 4; false when everything that leaves a flush set, or that is laid over, has been flushed under the gate. */
    private boolean flush(Candidate candidate, Deadline deadline) {
        List<BlockNode> dirty = candidate.toFlush().stream()
                .filter(n -> !flushed.contains(n.state()))
                .toList();
        if (dirty.isEmpty()) {
            return false;
        }
        long start = System.nanoTime();
        Flusher.flush(dirty, deadline, what);
        dirty.forEach(n -> flushed.add(n.state()));
        watch.flushed(start);
        return true;
    }

    private void ungate(HashSet<String> keep) {
        HashSet<String> gone = held.removeAll(keep);
        if (gone.isEmpty()) {
            return;
        }
        while (true) {
            Step<P> step = successors.ungated(publisher.latest(), owner, gone);
            if (publisher.publish(step, () -> {}, () -> gatesOff(step))) {
                forgetGates(keep, step.after());
                tell(Publication.Kind.RELEASE, step, what, watch.uncommitted());
                return;
            }
        }
    }

    private void gatesOff(Step<P> step) {
        if (held.isEmpty()) {
            return;
        }
        long lasted = watch.gatesOff();
        for (String id : step.roots()) {
            RootState released = step.released(id);
            if (released != null) {
                released.gateLasted(lasted);
            }
        }
    }

    /** A root that no gate of ours holds any more has let requests in again, and is drained anew when it is gated anew. */
    private void forgetGates(HashSet<String> kept, Version<P> version) {
        held = held.filter(kept::contains);
        flushed.clear();
        promised &= !held.isEmpty();
        Set<RootState> still = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String id : version.graph().rootsAbove(held)) {
            still.add(version.graph().root(id).state());
        }
        drained.retainAll(still);
    }

    private Publication tell(Publication.Kind kind, Step<P> step, String description, PhaseTimes times) {
        Version<P> after = step.after();
        Publication publication =
                new Publication(after.number(), kind, description, times, after.graph(), after.gatedNodes());
        publisher.tell(publication);
        return publication;
    }
}
