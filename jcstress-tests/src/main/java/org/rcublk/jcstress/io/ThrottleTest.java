// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.driver.throttle.ThrottleDriver;
import org.rcublk.driver.throttle.ThrottleLimit;
import org.rcublk.driver.throttle.ThrottleLimits;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;

/**
 * Guarantee G: a throttle holds no request under a gate. The first request that it would hold on its IOThread comes while a
 * drain begins; the throttle's clock stands still, so only the gate can let it go. Negative control:
 * {@code throttle-look-then-enlist} looks at the gate before the request is where the hook looks for it.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "drained")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "a request is held while a drain waits for it")
@State
public class ThrottleTest {
    static {
        Stalls.install(point -> {
            if (point.equals("throttle.looked-not-enlisted")) {
                Stalls.hold();
            }
        });
    }

    private final TestDisk disk = new TestDisk(() -> {});
    private volatile boolean over;

    public ThrottleTest() {
        disk.filter("throttle0", new ThrottleDriver(ThrottleLimits.iops(ThrottleLimit.of(1)), () -> 0));
        disk.discard(); // fills the bucket
        disk.cycle();
    }

    @Actor
    public void ioThread() {
        disk.discard();
        while (!over) {
            disk.cycle();
        }
    }

    @Actor
    public void control(I_Result r) {
        try (Drain<PlanNode> _ = disk.drain(Patience.left())) {
            r.r1 = 1;
        } catch (DrainTimeoutException e) {
            Patience.missed();
        } finally {
            over = true;
        }
    }
}
