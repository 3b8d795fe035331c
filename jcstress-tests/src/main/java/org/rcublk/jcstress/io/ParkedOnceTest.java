// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.graph.Drain;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Stalls;

/**
 * A queue of which one request was parked is closed on its IOThread while the device's count is read: it is counted by its
 * queue or with the closed ones, always once. Negative control: {@code io-forget-counts-late}.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "counted once")
@Outcome(expect = Expect.FORBIDDEN, desc = "a parked request is counted twice, or is missing for a while")
@State
public class ParkedOnceTest {
    static {
        Stalls.install(point -> {
            if (point.equals("io.forgotten-not-counted")) {
                Stalls.hold();
            }
        });
    }

    private final TestDisk disk = new TestDisk(() -> {});

    public ParkedOnceTest() {
        try (Drain<PlanNode> _ = disk.drain()) {
            disk.submit();
            disk.cycle();
        }
    }

    @Actor
    public void ioThread() {
        disk.queue().close(() -> {});
        disk.cycle();
    }

    @Actor
    public void reports(II_Result r) {
        r.r1 = (int) disk.queue().device().parkedTotal();
        r.r2 = (int) disk.queue().device().parkedTotal();
    }
}
