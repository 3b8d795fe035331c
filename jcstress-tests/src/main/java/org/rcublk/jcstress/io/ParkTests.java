// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;

/** Requests at a gate, guarantees G and H: catalogue 46, and what a parked request holds ({@link ParkReleaseTest} is 43). */
public final class ParkTests {
    private ParkTests() {}

    /**
     * Catalogue 46: a drain gives up at its deadline, because of a request that hangs, while another request meets its
     * gate. Negative control: {@code graph-release-before-publish}.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "ran once")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "lost at the gate that was given up")
    @Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "ran twice")
    @Outcome(expect = Expect.FORBIDDEN, desc = "drained under the request that hangs")
    @State
    public static class AbortRelease {
        static {
            Stalls.install(point -> {
                if (point.equals("graph.released-early") || point.equals("graph.gated")) {
                    Stalls.hold();
                }
            });
        }

        private static final Duration SHORT = Duration.ofNanos(20_000);

        private final TestDisk disk = new TestDisk(() -> {});
        private final long hangs = disk.domain().downRead(3);
        private boolean drained;

        @Actor
        public void ioThread() {
            disk.submit();
            for (int i = 0; i < 3; i++) {
                disk.cycle();
                Stalls.hold();
            }
        }

        @Actor
        public void control() {
            try (Drain<PlanNode> _ = disk.drain(SHORT)) {
                drained = true;
            } catch (DrainTimeoutException e) {
                // as it has to be
            }
        }

        /** One more cycle, as the IOThread makes before it sleeps. */
        @Arbiter
        public void after(I_Result r) {
            disk.cycle();
            r.r1 = drained ? -1 : disk.runs;
            disk.domain().upRead(3, hangs);
        }
    }

    /** Guarantee G: a parked request holds no token, so the drain ends. Negative control: {@code io-park-holding}. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "drained")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the drain waits for a request that waits for the drain")
    @State
    public static class ParkHoldsNothing {
        static {
            Stalls.install(point -> {
                if (point.equals("graph.gated")) {
                    Stalls.hold();
                }
            });
        }

        private final TestDisk disk = new TestDisk(() -> {});

        @Actor
        public void ioThread() {
            disk.submit();
            disk.cycle();
        }

        @Actor
        public void control(I_Result r) {
            try (Drain<PlanNode> _ = disk.drain(Patience.left())) {
                r.r1 = 1;
            } catch (DrainTimeoutException e) {
                Patience.missed();
            }
        }
    }
}
