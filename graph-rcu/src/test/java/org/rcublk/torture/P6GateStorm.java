// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import io.vavr.collection.HashSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;

/**
 * P6: gates come and go under requests. Two roots share a base, a third has a disk of its own; writers overlap, nest,
 * miss deadlines and give up. Now and then all writers pause: no gate is left, so nothing may stay parked.
 */
final class P6GateStorm implements Profile {
    static final Kind KIND = new Kind(
            "P6",
            "gate storms",
            true,
            List.of(
                    "graph-no-gate",
                    "graph-publish-set",
                    "graph-two-fields",
                    "graph-rebase-on-gated",
                    "graph-release-before-publish",
                    "graph-no-conflict",
                    "graph-close-before-gp",
                    "graph-gate-not-inherited",
                    "graph-detached-not-drained",
                    "graph-resurrect"),
            P6GateStorm::new);

    static final List<String> NODES = List.of("a", "b", "c", "base");
    private static final int WRITERS = 3;
    private static final int CHANGES_TO_PAUSE = 24;
    private static final int MOST_RUNNING = 8;

    final LiveGraph<String> live = new LiveGraph<>(
            (root, graph) -> graph.reach(root.id()).toSortedSet().mkString(","));
    private final Map<String, StormNode> nodes = new HashMap<>();
    StormVisitors visitors;
    private final List<StormRoot> roots = new ArrayList<>();
    private CyclicBarrier pause = new CyclicBarrier(WRITERS);
    private boolean last; // written while all writers are at the barrier

    @Override
    public void start(Run run) {
        Stalls.Rule some = new Stalls.Rule(4, 300_000);
        new Stalls(
                        run,
                        Map.of(
                                "graph.between-fields", some,
                                "graph.gate", some,
                                "graph.gated", some,
                                "graph.drained", some,
                                "graph.commit", some,
                                "graph.committed", some,
                                "rcu.rank-loaded", new Stalls.Rule(256, 100_000)))
                .install();
        build(run);
        visitors = new StormVisitors(run, live);
        pause = new CyclicBarrier(WRITERS, () -> last = !run.running());
        for (StormRoot root : roots) {
            run.reader("submitter-" + root.id(), () -> submit(run, root));
            run.watch("requests of root " + root.id(), root.completed::get);
        }
        for (int i = 0; i < WRITERS; i++) {
            visitors.writer();
            StormWriter writer = new StormWriter("w" + i, run, this);
            run.watch("changes of w" + i, writer.changes::get);
            run.guest("writer-" + i, () -> write(run, writer));
        }
        run.reader("visitors' requests", visitors::endRequests);
    }

    private void build(Run run) {
        for (String name : NODES) {
            nodes.put(name, new StormNode(run, name));
        }
        live.commit(
                AddNodes.of(
                        BlockNode.of("base", "raw", nodes.get("base")),
                        BlockNode.of("a", "raw", nodes.get("a"), Edge.backing("base")),
                        BlockNode.of("b", "raw", nodes.get("b"), Edge.backing("base")),
                        BlockNode.of("c", "raw", nodes.get("c"))),
                run.options.patience());
        for (String name : List.of("a", "b", "c")) {
            StormRoot root = new StormRoot(run, live, "r" + name);
            roots.add(root);
            run.tally.domain(root.domain());
            run.always(() -> Updaters.neverNegative(run, root.domain()));
            live.commit(new AttachRoot(new GraphRoot(root.id(), name, true, root)), run.options.patience());
        }
    }

    /** Submits, and completes what it and the releasing threads admitted: some at once, some later. */
    private void submit(Run run, StormRoot root) {
        SplittableRandom random = run.random();
        while (run.running() || root.completed.get() < root.submitted.get()) {
            boolean worked = false;
            if (run.running() && root.submitted.get() - root.completed.get() < MOST_RUNNING) {
                root.submit();
                worked = true;
            }
            StormRoot.Request request = random.nextInt(2) == 0 || !worked ? root.running.poll() : null;
            if (request != null) {
                if (random.nextInt(32) == 0) {
                    Stalls.upTo(random, 1_000_000);
                }
                request.complete();
            } else if (!worked) {
                LockSupport.parkNanos(5_000);
            }
        }
    }

    private void write(Run run, StormWriter writer) throws Exception {
        try {
            while (!last) {
                for (int i = 0; i < CHANGES_TO_PAUSE && run.running(); i++) {
                    writer.oneChange();
                }
                quiet(run);
            }
        } catch (BrokenBarrierException | TimeoutException oneEnded) {
            if (run.running()) {
                run.violation("progress", "writers did not meet for a pause");
            }
        } finally {
            pause.reset(); // if this one failed, the others need not wait for it
            visitors.writerEnds();
        }
        writer.dropAll();
    }

    /** All writers stand still, so no gate is on: what is parked now was forgotten. */
    private void quiet(Run run) throws InterruptedException, BrokenBarrierException, TimeoutException {
        pause.await(run.options.patience().toSeconds(), TimeUnit.SECONDS);
        if (!live.current().gatedNodes().isEmpty()) {
            run.violation(
                    "gates off",
                    "nobody changes anything, and gates are on: "
                            + live.current().gatedNodes());
        }
        for (StormRoot root : roots) {
            run.until("no request of root " + root.id() + " stays parked without a gate", () -> root.parked.get() == 0);
        }
        run.tally.other("pauses").increment();
        pause.await(run.options.patience().toSeconds(), TimeUnit.SECONDS);
    }

    StormNode node(String name) {
        return nodes.get(name);
    }

    /** A change of a node was published after a drain: requests of the roots above do not run on older versions. */
    void drainedFor(Publication publication, String node) {
        for (StormRoot root : roots) {
            if (publication.graph().reach(root.id()).contains(node)) {
                root.drainedFor(publication.version());
            }
        }
    }

    @Override
    public void atRest(Run run) {
        if (!live.awaitClosed(run.options.patience())) {
            run.violation("progress", live.retiredNotClosed() + " nodes left the graph and are not closed");
        }
        if (!live.current().graph().nodes().keySet().equals(HashSet.ofAll(NODES))) {
            run.violation(
                    "no lost update",
                    "left over: " + live.current().graph().nodes().keySet());
        }
        for (StormRoot root : roots) {
            run.tally.other("parked").add(root.parks.get());
            if (root.parked.get() != 0 || root.completed.get() != root.submitted.get()) {
                run.violation(
                        "admission",
                        root.id() + ": submitted " + root.submitted + ", completed " + root.completed
                                + ", parked still " + root.parked);
            }
            Updaters.atRest(run, root.domain());
        }
    }
}
