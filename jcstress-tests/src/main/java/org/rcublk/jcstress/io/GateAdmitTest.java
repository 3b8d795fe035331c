// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.Drain;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Stalls;

/**
 * Catalogue 42, guarantee F: no request runs on a drained node. A request is admitted while a drain begins; whoever holds the drain
 * works on the node and must be alone there. Negative control: {@code io-check-then-count} looks at the gate before it
 * counts the request.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the request ran before the drain, or waits")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "the request ran on a drained node")
@State
public class GateAdmitTest {
    static {
        Stalls.install(point -> {
            if (point.equals("io.checked-not-counted")) {
                Stalls.hold();
            }
        });
    }

    private final TestDisk disk = new TestDisk(this::onRequest);
    /** Plain: only the drain orders it against the request. */
    private int maintenance;

    private int ranDuringMaintenance;

    private void onRequest() {
        ranDuringMaintenance = maintenance;
    }

    @Actor
    public void ioThread(I_Result r) {
        disk.submit();
        disk.cycle();
        r.r1 = ranDuringMaintenance;
    }

    @Actor
    public void control() {
        Drain<PlanNode> drain = disk.drain();
        maintenance = 1;
        Stalls.hold();
        maintenance = 0;
        drain.close();
    }
}
