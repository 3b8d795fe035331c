// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.Drain;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Stalls;

/**
 * Catalogue 43, guarantees G and H: a request that meets a gate while the gate is taken off runs exactly once, now or after the
 * release. Negative control: {@code graph-release-before-publish} tells the IOThread before the ungated version is there.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "ran once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "lost at the gate")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "ran twice")
@State
public class ParkReleaseTest {
    static {
        Stalls.install(point -> {
            if (point.equals("graph.released-early")) {
                Stalls.hold();
            }
        });
    }

    private final TestDisk disk = new TestDisk(() -> {});
    private final Drain<PlanNode> drain = disk.drain();

    @Actor
    public void ioThread() {
        disk.submit();
        disk.cycle();
        Stalls.hold();
        disk.cycle();
    }

    @Actor
    public void control() {
        drain.close();
    }

    /** One more cycle, as the IOThread makes before it sleeps; a request that is still parked then waits for ever. */
    @Arbiter
    public void after(I_Result r) {
        disk.cycle();
        r.r1 = disk.runs;
    }
}
