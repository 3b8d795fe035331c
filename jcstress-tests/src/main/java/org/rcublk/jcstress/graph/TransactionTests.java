// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.graph;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RemoveNode;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;

/** Changes beside changes, guarantees C, E and F: catalogue 40, 41 and 47 ({@link LostUpdateTest} is 39). */
public final class TransactionTests {
    private static final Duration LONG = Duration.ofSeconds(30);

    private TransactionTests() {}

    /**
     * Catalogue 40: a change under a gate is made from what is current when it is published. Negative control: {@code
     * graph-rebase-on-gated}.
     */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both are there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an update is lost")
    @State
    public static class RebaseCommit {
        private final LiveGraph<String> live = Graphs.oneDisk();

        @Actor
        public void drained() {
            try (Drain<String> drain = live.drain(List.of("disk0"), LONG)) {
                Stalls.hold();
                drain.commit(new InsertFilter("disk0", BlockNode.filter("f0", "test", new Graphs.Node(), "disk0")));
            }
        }

        @Actor
        public void independent() {
            live.commit(AddNodes.of(Graphs.node("other")), LONG);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = live.current().graph().nodes().containsKey("f0") ? 1 : 0;
            r.r2 = live.current().graph().nodes().containsKey("other") ? 1 : 0;
        }
    }

    /** Catalogue 41: drains whose nodes overlap are never both held. Negative control: {@code graph-no-conflict}. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one at a time")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both were inside")
    @State
    public static class OverlapTxn {
        private final LiveGraph<String> live = Graphs.oneDisk();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        public OverlapTxn() {
            live.commit(AddNodes.of(Graphs.node("left"), Graphs.node("right")), LONG);
        }

        private void hold(String other) {
            try (Drain<String> _ = live.drain(List.of("disk0", other), LONG)) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Stalls.hold();
                inside.decrementAndGet();
            }
        }

        @Actor
        public void left() {
            hold("left");
        }

        @Actor
        public void right() {
            hold("right");
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = most.get();
        }
    }

    /**
     * Catalogue 47: an undo would add a node again while it is retired; it is refused, and no published node is closed.
     * Negative control: {@code graph-resurrect}.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "gone and closed, and the undo refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a closed node is published, or one that left is not closed")
    @State
    public static class Resurrect {
        private final LiveGraph<String> live = Graphs.empty();
        private final BlockNode node = Graphs.node("disk0");

        public Resurrect() {
            live.commit(AddNodes.of(node), LONG);
        }

        @Actor
        public void remover() {
            live.commit(new RemoveNode("disk0"), LONG);
        }

        @Actor
        public void undo() {
            for (int i = 0; i < 3; i++) {
                try {
                    live.commit(AddNodes.of(node), LONG);
                } catch (GraphException refused) {
                    Stalls.hold(); // the name is taken still, or the identity is used up
                }
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = live.awaitClosed(Patience.left()) ? 1 : 0;
            r.r1 = live.current().graph().nodes().containsKey("disk0") ? 1 : 0;
        }
    }
}
