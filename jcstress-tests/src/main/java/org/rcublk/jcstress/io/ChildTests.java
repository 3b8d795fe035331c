// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.util.ArrayDeque;
import java.util.Deque;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.io.BlockOp;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;

/** What an admitted request spawns, guarantees F and G: catalogue 45, and that a child passes the gate. */
public final class ChildTests {
    private ChildTests() {}

    /** A driver that forks one child from each request. */
    abstract static class ForkingDisk extends TestDisk {
        ForkingDisk() {
            super(() -> {});
        }

        @Override
        public final int submit(PlanNode self, Request request) {
            if (request.parent() == null) {
                forkFrom(self, request);
            } else {
                child(request);
            }
            return 0;
        }

        @RequiresReadSection
        abstract void forkFrom(PlanNode self, Request request);

        abstract void child(Request child);

        @Override
        public void childCompleted(PlanNode self, Request parent, Request child) {}
    }

    /**
     * Catalogue 45: the parent has ended and its child still runs; a drain waits for it. Negative control: {@code
     * io-child-uncounted}.
     */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "parent and child ran before the drain, or wait")
    @Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "a child ran on a drained node")
    @State
    public static class DrainRecursive extends ForkingDisk {
        private final Deque<Request> children = new ArrayDeque<>();
        /** Plain: only the drain orders it against the request. */
        private int maintenance;

        @Override
        void forkFrom(PlanNode self, Request request) {
            request.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self);
            request.complete(0);
        }

        @Override
        void child(Request child) {
            children.add(child);
        }

        @Actor
        public void ioThread(I_Result r) {
            submit();
            cycle();
            Stalls.hold();
            for (Request child = children.poll(); child != null; child = children.poll()) {
                r.r1 |= maintenance;
                child.complete(0);
            }
        }

        @Actor
        public void control() {
            try (Drain<PlanNode> _ = drain()) {
                maintenance = 1;
                Stalls.hold();
                maintenance = 0;
            }
        }
    }

    /**
     * Guarantee G: a child that is forked after its root was gated runs at once, so that the drain ends. Negative control:
     * {@code io-child-gated}.
     */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "ran with its child, or waits; drained")
    @Outcome(
            expect = Expect.FORBIDDEN,
            desc = "the drain waits for the parent, the parent for its child, and that at the gate")
    @State
    public static class ChildPassesGate extends ForkingDisk {
        @Override
        void forkFrom(PlanNode self, Request request) {
            Stalls.hold();
            request.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self);
        }

        @Override
        void child(Request child) {
            child.complete(0);
        }

        @Override
        public void childCompleted(PlanNode self, Request parent, Request child) {
            count();
            parent.complete(0);
        }

        @Actor
        public void ioThread(II_Result r) {
            submit();
            cycle();
            r.r1 = runs;
        }

        @Actor
        public void control(II_Result r) {
            try (Drain<PlanNode> _ = drain(Patience.left())) {
                r.r2 = 1;
            } catch (DrainTimeoutException e) {
                Patience.missed();
            }
        }
    }
}
