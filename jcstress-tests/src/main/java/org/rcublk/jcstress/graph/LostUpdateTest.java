// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.graph;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.LiveGraph;

/**
 * Catalogue 39, guarantee E: of two changes that are published at once none is lost. Negative control: {@code graph-publish-set}
 * publishes by a plain store instead of a compare-and-set.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both are there")
@Outcome(expect = Expect.FORBIDDEN, desc = "an update is lost")
@State
public class LostUpdateTest {
    private final LiveGraph<String> live = Graphs.oneDisk();

    @Actor
    public void left() {
        live.commit(AddNodes.of(Graphs.node("left")), Duration.ofSeconds(30));
    }

    @Actor
    public void right() {
        live.commit(AddNodes.of(Graphs.node("right")), Duration.ofSeconds(30));
    }

    @Arbiter
    public void after(II_Result r) {
        r.r1 = live.current().graph().nodes().containsKey("left") ? 1 : 0;
        r.r2 = live.current().graph().nodes().containsKey("right") ? 1 : 0;
    }
}
