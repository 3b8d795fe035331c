// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.rcublk.explore.Fixture.A;
import static org.rcublk.explore.Fixture.B;
import static org.rcublk.explore.GraphFixture.LONG;
import static org.rcublk.explore.Run.check;
import static org.rcublk.explore.Run.step;

import java.time.Duration;
import java.util.List;
import org.rcublk.explore.GraphFixture.Admitted;
import org.rcublk.explore.GraphFixture.Node;
import org.rcublk.explore.GraphFixture.Root;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.Version;

/** Changes of the graph against requests and each other. A domain's calls are one step each. */
final class GraphScenarios {
    private GraphScenarios() {}

    static List<Scenario> all() {
        return List.of(
                graph("SnapshotAtomic", "S1 (37)", GraphScenarios::snapshotAtomic, "graph-two-fields"),
                graph("LostUpdate", "S6 (39)", GraphScenarios::lostUpdate, "graph-publish-set"),
                graph("RebaseCommit", "S6 (40)", GraphScenarios::rebaseCommit, "graph-rebase-on-gated"),
                graph("OverlapTxn", "S10 (41)", GraphScenarios::overlap, "graph-no-conflict"),
                graph("GateAdmit", "S7 (42)", GraphScenarios::gateAdmit, "graph-no-gate"),
                graph("ParkRelease", "S9, L5 (43)", GraphScenarios::parkRelease, "graph-release-before-publish"),
                graph("AbortRelease", "S9, L5 (46)", GraphScenarios::abortRelease, "graph-release-before-publish"),
                graph("DrainRecursive", "S8 (45)", GraphScenarios::drainRecursive, "rcu-fork-uncounted"),
                graph("Resurrect", "S5 (47)", GraphScenarios::resurrect, "graph-resurrect"),
                graph(
                        "GateInherited",
                        "S7: attached under a gate",
                        GraphScenarios::inherit,
                        "graph-gate-not-inherited"),
                graph(
                                "DetachedInFlight",
                                "S4: detached with a request in flight, then dropped",
                                GraphScenarios::detached,
                                "graph-detached-not-drained")
                        .within(2),
                graph("CloseAfterUse", "S4: removed without a drain", GraphScenarios::removed, "graph-close-before-gp"),
                graph(
                                "GraphIsolation",
                                "S11: A hung, A's close hung, B changes",
                                GraphScenarios::isolation,
                                "rcu-driver-blocks",
                                "graph-shared-closer")
                        .within(1));
    }

    private static Scenario graph(
            String name, String holds, java.util.function.Consumer<Run> build, String... mutants) {
        return Scenario.of(name, holds, build, mutants).over("rcu.*");
    }

    /** The filter is never seen together with the gate under which it was put in. */
    private static void snapshotAtomic(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        f.attach("r", A, "disk");
        run.thread("reader", () -> {
            for (int i = 0; i < 2; i++) {
                step("load");
                Version<String> version = f.live.current();
                boolean filtered = version.route("r").plan().equals("filter");
                check(!(filtered && version.route("r").gated()), "the graph of one version, the gates of another");
                check(filtered == (version.graph().find("filter") != null), "the routes of another version");
            }
        });
        run.thread("writer", () -> f.live.commit(f.filter("filter", "disk", new Node()), LONG));
    }

    private static void lostUpdate(Run run) {
        GraphFixture f = new GraphFixture(run);
        for (String name : List.of("one", "other")) {
            run.thread(name, () -> {
                step("add");
                f.add(name);
            });
        }
        run.atEnd(() -> check(f.live.current().graph().nodes().size() == 2, "a node is lost"));
    }

    private static void rebaseCommit(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        f.attach("r", A, "disk");
        run.thread("filter", () -> f.live.commit(f.filter("filter", "disk", new Node()), LONG));
        run.thread("other", () -> {
            step("add");
            f.add("other");
        });
        run.atEnd(() -> {
            check(f.live.current().graph().find("other") != null, "what was published under the gate is lost");
            check(f.live.current().route("r").plan().equals("filter"), "the filter is lost");
        });
    }

    private static void overlap(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        f.add("top", org.rcublk.graph.Edge.image("disk"));
        f.attach("r", A, "top");
        int[] inside = new int[1];
        for (String node : List.of("disk", "top")) {
            run.thread("drain-" + node, () -> {
                step("drain");
                Drain<String> drain = f.live.drain(List.of(node), LONG);
                check(++inside[0] == 1, "two drains of one root's nodes");
                step("inside");
                inside[0]--;
                drain.close();
            });
        }
    }

    private static void exclusive(GraphFixture f, boolean[] drained) {
        step("drain");
        Drain<String> drain = f.live.drain(List.of("disk"), LONG);
        drained[0] = true;
        step("inside");
        drained[0] = false;
        drain.close();
    }

    private static void gateAdmit(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        Root root = f.attach("r", A, "disk");
        boolean[] drained = new boolean[1];
        run.thread("io", () -> {
            Admitted request = root.admit();
            step("run");
            check(!drained[0], "ran while drained");
            request.end();
        });
        run.thread("control", () -> exclusive(f, drained));
    }

    private static void parkRelease(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        Root root = f.attach("r", A, "disk");
        int[] runs = new int[1];
        run.thread("io", () -> {
            Admitted request = root.admit();
            runs[0]++;
            request.end();
        });
        run.thread("control", () -> {
            step("commit");
            f.live.commit(f.filter("filter", "disk", new Node()), LONG);
        });
        run.atEnd(() -> check(runs[0] == 1, "ran " + runs[0] + " times"));
    }

    /** A request in flight outlasts the patience of the drain; another is parked meanwhile. */
    private static void abortRelease(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        Root root = f.attach("r", A, "disk");
        long open = root.domain().downRead(B);
        int[] runs = new int[1];
        run.thread("io", () -> {
            Admitted request = root.admit();
            runs[0]++;
            request.end();
        });
        run.thread("slow", () -> root.domain().upRead(B, open));
        run.thread("control", () -> {
            step("commit");
            try {
                f.live.commit(f.filter("filter", "disk", new Node()), Duration.ZERO);
            } catch (DrainTimeoutException e) {
                check(f.live.current().graph().find("filter") == null, "changed and timed out");
            }
        });
        run.atEnd(() -> {
            check(runs[0] == 1, "ran " + runs[0] + " times");
            check(f.live.current().gatedNodes().isEmpty(), "a gate is left");
        });
    }

    /** The child outlives its parent. */
    private static void drainRecursive(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        Root root = f.attach("r", A, "disk");
        boolean[] drained = new boolean[1];
        run.thread("io", () -> {
            Admitted parent = root.admit();
            step("fork");
            long child = root.domain().forkRead(A, parent.token());
            parent.end();
            step("child");
            check(!drained[0], "a child ran while drained");
            root.domain().upRead(A, child);
        });
        run.thread("control", () -> exclusive(f, drained));
        run.atEnd(() -> check(root.domain().openSections() == 0, "sections are left"));
    }

    private static void resurrect(Run run) {
        GraphFixture f = new GraphFixture(run);
        Node state = f.add("disk");
        run.thread("remove", () -> {
            step("remove");
            f.live.commit(new RemoveNode("disk"), LONG);
        });
        run.thread("undo", () -> {
            step("add");
            try {
                f.live.commit(AddNodes.of(BlockNode.of("again", "raw", state)), LONG);
            } catch (GraphException refused) {
                return;
            }
            throw new AssertionError("a node that was part of the graph is part of it again");
        });
    }

    /** A root that comes under a gate is gated in its first version. */
    private static void inherit(Run run) {
        GraphFixture f = new GraphFixture(run);
        f.add("disk");
        f.attach("r", A, "disk");
        Root late = f.new Root("s", B);
        boolean[] drained = new boolean[1];
        run.thread("late", () -> {
            step("attach");
            f.add("top", org.rcublk.graph.Edge.image("disk"));
            f.live.commit(f.attaches(late, "top"), LONG);
            Admitted request = late.admit();
            step("run");
            check(!drained[0], "ran while drained");
            request.end();
        });
        run.thread("control", () -> exclusive(f, drained));
    }

    private static void detached(Run run) {
        GraphFixture f = new GraphFixture(run);
        run.lane("close");
        f.add("disk");
        Root gone = f.attach("r", A, "disk");
        f.attach("s", B, "disk");
        f.live.commit(f.filter("filter", "disk", new Node()), LONG);
        Admitted request = gone.admit();
        run.thread("io", () -> {
            request.use();
            request.end();
        });
        run.thread("detach", () -> {
            step("detach");
            f.live.commit(new DetachRoot("r"), LONG);
        });
        run.thread("drop", () -> {
            step("drop");
            f.live.commit(new DropFilter("filter"), LONG);
            run.await("the close", () -> f.live.retiredNotClosed() == 0);
        });
    }

    private static void removed(Run run) {
        GraphFixture f = new GraphFixture(run);
        run.lane("close");
        f.add("disk");
        Root gone = f.attach("r", A, "disk");
        Admitted request = gone.admit();
        run.thread("io", () -> {
            request.use();
            request.end();
        });
        run.thread("control", () -> {
            step("detach");
            f.live.commit(new DetachRoot("r"), LONG);
            f.live.commit(new RemoveNode("disk"), LONG);
            run.await("the close", () -> f.live.retiredNotClosed() == 0);
        });
    }

    private static void isolation(Run run) {
        GraphFixture f = new GraphFixture(run);
        for (String lane : List.of("close", "rcublk-close-a-old", "a", "b")) {
            run.lane(lane);
        }
        f.add("a-disk");
        f.add("b-disk");
        Root a = f.attach("a", A, "a-disk");
        f.attach("b", B, "b-disk");
        boolean[] done = new boolean[1];
        Node old = f.add("a-old");
        old.onClose = () -> run.await("B, in a close", () -> done[0]);
        Admitted hung = a.admit();
        run.thread("A", () -> {
            f.live.commit(new RemoveNode("a-old"), LONG);
            f.live.commit(f.filter("a-filter", "a-disk", new Node()), LONG);
        });
        run.thread("A-io", () -> {
            run.await("B", () -> done[0]);
            hung.end();
        });
        run.thread("B", () -> {
            step("insert");
            Node filter = new Node();
            f.live.commit(f.filter("b-filter", "b-disk", filter), LONG);
            step("drop");
            f.live.commit(new DropFilter("b-filter"), LONG);
            run.await("B's close", () -> filter.closed);
            done[0] = true;
        });
    }
}
