// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.rcublk.jcstress.Patience;
import org.rcublk.rcu.ReadDomain;

/** Domains do not wait for each other, guarantee I: what hangs in one delays nothing of another. */
public final class IsolationTests {
    private IsolationTests() {}

    /** Two domains, and a release that is due in the second. */
    abstract static class TwoDomains {
        final ReadDomain hung = new ReadDomain("hung");
        final ReadDomain healthy = new ReadDomain("healthy");
        private final AtomicInteger released = new AtomicInteger();
        private volatile boolean stageRan;

        /** Whether everything that waits in the healthy domain came to its end. */
        final int useHealthy() {
            healthy.retire(released::incrementAndGet);
            boolean elapsed = Patience.synchronize(healthy) && Patience.barrier(healthy);
            long cookie = healthy.startPoll();
            healthy.whenElapsed(cookie).thenRun(() -> stageRan = true);
            return elapsed && Patience.until(() -> healthy.poll(cookie) && stageRan) ? 1 : 0;
        }

        final int releasedHealthy() {
            Patience.until(() -> released.get() > 0);
            return released.get();
        }
    }

    /**
     * A section of one domain never ends. That domain's grace period is pending with the thread that drives all; the
     * other domain's grace periods, stages, releases and barrier go on. Negative control: {@code rcu-driver-blocks}.
     */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the other domain went on, the hung one did not")
    @Outcome(expect = Expect.FORBIDDEN, desc = "held up by the other domain, or closed under its section")
    @State
    public static class HungSection extends TwoDomains {
        private final long open = hung.downRead(3);
        private volatile boolean releasedHung;

        @Actor
        public void healthy(III_Result r) {
            r.r1 = useHealthy();
        }

        @Actor
        public void hung(III_Result r) {
            hung.retire(() -> releasedHung = true);
            try {
                hung.synchronize(Duration.ofNanos(1_000));
                r.r2 = 1;
            } catch (TimeoutException e) {
                r.r2 = releasedHung ? 1 : 0;
            }
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = releasedHealthy();
            hung.upRead(3, open);
        }
    }

    /** A release of one domain hangs. Its own grace periods go on, and so does everything of the other domain. Negative control: {@code rcu-shared-callbacks}. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "both went on")
    @Outcome(expect = Expect.FORBIDDEN, desc = "held up by the hung release")
    @State
    public static class HungRelease extends TwoDomains {
        private final CountDownLatch hangs = new CountDownLatch(1);

        @Actor
        public void healthy(III_Result r) {
            r.r1 = useHealthy();
        }

        @Actor
        public void hung(III_Result r) {
            hung.retire(hangs::await);
            r.r2 = Patience.synchronize(hung) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = releasedHealthy();
            hangs.countDown();
        }
    }
}
