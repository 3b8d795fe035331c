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
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Version;
import org.rcublk.jcstress.Stalls;

/**
 * Catalogue 37, guarantee A: graph and gates of one load belong together. A filter is inserted under a gate, and the publication that
 * adds it takes the gate off: no version has both. Negative control: {@code graph-two-fields} keeps the gates in a field
 * of their own.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before the gate")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "gated, not yet changed")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "changed, the gate off")
@Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "changed and gated: two versions in one load")
@State
public class SnapshotAtomicTest {
    static {
        Stalls.install(point -> {
            if (point.equals("graph.between-fields")) {
                Stalls.hold();
            }
        });
    }

    private final LiveGraph<String> live = Graphs.oneDisk();

    @Actor
    public void reader(II_Result r) {
        Version<String> version = live.current();
        r.r1 = version.graph().nodes().containsKey("f0") ? 1 : 0;
        r.r2 = version.gatedNodes().isEmpty() ? 0 : 1;
    }

    @Actor
    public void writer() {
        try (Drain<String> drain = live.drain(List.of("disk0"), Duration.ofSeconds(30))) {
            drain.commit(new InsertFilter("disk0", BlockNode.filter("f0", "test", new Graphs.Node(), "disk0")));
        }
    }
}
