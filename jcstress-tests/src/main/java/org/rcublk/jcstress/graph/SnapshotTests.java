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
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.jcstress.Stalls;

/** What a reader gets by loading the version, guarantees A and D: catalogue 37, second half, and 38. */
public final class SnapshotTests {
    private SnapshotTests() {}

    /** Catalogue 37, loading twice: two loads may be of two versions. {@link SnapshotAtomicTest} loads once. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "not changed, then no gate: two versions")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "as if of one version")
    @State
    public static class SnapshotTwice {
        private final LiveGraph<String> live = Graphs.oneDisk();

        @Actor
        public void reader(II_Result r) {
            r.r1 = live.current().graph().nodes().containsKey("f0") ? 1 : 0;
            Stalls.hold();
            r.r2 = live.current().graph().nodes().containsKey("f0") ? 1 : 0;
        }

        @Actor
        public void writer() {
            try (Drain<String> drain = live.drain(List.of("disk0"), Duration.ofSeconds(30))) {
                drain.commit(new InsertFilter("disk0", BlockNode.filter("f0", "test", new Graphs.Node(), "disk0")));
            }
        }
    }

    /** Catalogue 38: whoever sees a node sees what its maker wrote into it before, plain fields too. */
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not published yet")
    @Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a default value was seen")
    @State
    public static class SafePublish {
        private final LiveGraph<String> live = Graphs.empty();

        private static final class Written extends Graphs.Node {
            private int value;
        }

        @Actor
        public void reader(I_Result r) {
            BlockNode seen = live.current().graph().nodes().get("disk0").getOrNull();
            r.r1 = seen == null ? -1 : ((Written) seen.state()).value;
        }

        @Actor
        public void writer() {
            Written state = new Written();
            state.value = 42;
            live.commit(AddNodes.of(BlockNode.of("disk0", "test", state)), Duration.ofSeconds(30));
        }
    }
}
