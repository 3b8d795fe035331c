// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.graph;

import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Route;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/** Roots that come and go while nodes are gated or leave, guarantees C and F. */
public final class RootTests {
    private static final Duration LONG = Duration.ofSeconds(30);

    private RootTests() {}

    private static GraphRoot root(String id, String node) {
        return new GraphRoot(id, node, true, new RootState(id, new ReadDomain(id, Runnable::run)));
    }

    /** A node that tells when it is closed. */
    private static final class Closing extends Graphs.Node {
        private volatile int closed;

        @Override
        public void close() {
            closed = 1;
        }
    }

    /**
     * A root is attached to a filter over a node that is gated meanwhile: its requests meet the gate from the first one
     * on. Negative control: {@code graph-gate-not-inherited}.
     */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "waits at the gate")
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "ran before the gate or after it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a request of the new root ran on a drained node")
    @State
    public static class AttachUnderGate {
        private final LiveGraph<String> live = Graphs.oneDisk();
        private final GraphRoot root = root("root0", "f0");
        /** Plain: only the drain orders it against the request. */
        private int maintenance;

        public AttachUnderGate() {
            live.commit(AddNodes.of(BlockNode.filter("f0", "test", new Graphs.Node(), "disk0")), LONG);
        }

        @Actor
        public void control() {
            try (Drain<String> _ = live.drain(List.of("disk0"), LONG)) {
                maintenance = 1;
                Stalls.hold();
                maintenance = 0;
            }
        }

        @Actor
        public void attacher(I_Result r) {
            live.commit(new AttachRoot(root), LONG);
            ReadDomain domain = root.state().domain();
            long token = domain.downRead(0);
            Route<String> route = live.current().route("root0");
            if (route != null && !route.gated()) {
                r.r1 = 2 - maintenance;
            }
            domain.upRead(0, token);
        }
    }

    /**
     * Two roots over a filter; a request of the first is in flight when the first is detached and the filter is dropped
     * from under the second. Negative control: {@code graph-detached-not-drained}.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the request, closed in the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the request of the detached root, or never")
    @State
    public static class DetachedInFlight {
        private final LiveGraph<String> live = Graphs.oneDisk();
        private final Closing filter = new Closing();
        private final GraphRoot leaves = root("root0", "f0");
        private final long inFlight;
        private volatile boolean detached;

        public DetachedInFlight() {
            live.commit(AddNodes.of(BlockNode.filter("f0", "test", filter, "disk0")), LONG);
            live.commit(new AttachRoot(leaves), LONG);
            live.commit(new AttachRoot(root("root1", "f0")), LONG);
            inFlight = leaves.state().domain().downRead(0);
        }

        @Actor
        public void request(II_Result r) {
            live.commit(new DetachRoot("root0"), LONG);
            detached = true;
            Stalls.awaitUnderSteps(() -> filter.closed == 1);
            r.r1 = filter.closed;
            leaves.state().domain().upRead(1, inFlight);
        }

        @Actor
        public void dropper(II_Result r) {
            Stalls.awaitUnderSteps(() -> detached);
            live.commit(new DropFilter("f0"), LONG);
            r.r2 = live.awaitClosed(Patience.left()) ? filter.closed : 2;
        }
    }

    /**
     * A root is detached with a request in flight, and its node, which nobody reaches any more, is removed. Negative
     * control: {@code graph-close-before-gp}.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the request, closed in the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the request, or never")
    @State
    public static class RemovedInFlight {
        private final LiveGraph<String> live = Graphs.empty();
        private final Closing disk = new Closing();
        private final GraphRoot root = root("root0", "disk0");
        private final long inFlight;

        public RemovedInFlight() {
            live.commit(AddNodes.of(BlockNode.of("disk0", "test", disk)), LONG);
            live.commit(new AttachRoot(root), LONG);
            inFlight = root.state().domain().downRead(0);
        }

        @Actor
        public void request(II_Result r) {
            Stalls.awaitUnderSteps(() -> disk.closed == 1);
            r.r1 = disk.closed;
            root.state().domain().upRead(1, inFlight);
        }

        @Actor
        public void remover(II_Result r) {
            live.commit(new DetachRoot("root0"), LONG);
            live.commit(new RemoveNode("disk0"), LONG);
            r.r2 = live.awaitClosed(Patience.left()) ? disk.closed : 2;
        }
    }
}
