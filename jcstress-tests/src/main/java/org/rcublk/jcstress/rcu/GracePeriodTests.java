// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/** Cookies and deferred releases, guarantees B and C: catalogue 31 to 33. */
public final class GracePeriodTests {
    private GracePeriodTests() {}

    /** Catalogue 31: as RCU+sync+free, by polling. Negative control: {@code rcu-poll-early}. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "open under the reader; the grace period goes on")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the reader; the grace period ended")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader")
    @State
    public static class PollCookie extends Succession {
        private static final int POLLS = 1_000;

        @Actor
        public void reader(II_Result r) {
            r.r1 = use(0, 1);
        }

        @Actor
        public void writer(II_Result r) {
            current = new Resource();
            long cookie = domain.startPoll();
            for (int i = 0; i < POLLS && r.r2 == 0; i++) {
                domain.step();
                if (domain.poll(cookie)) {
                    first.closed = 1;
                    r.r2 = 1;
                }
            }
        }
    }

    /**
     * Catalogue 32: a grace period has begun, and waits for an old section, when a caller comes. Its own must begin
     * after it came. (The first caller and the reader are one actor: it asks and does not wait.) Negative control: {@code rcu-cookie-rides}.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other: it rode on the grace period before")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class GpShare extends Litmus {
        private final long old = domain.downRead(2);
        private volatile boolean begun;

        @Actor
        public void late(II_Result r) {
            Stalls.awaitUnderSteps(() -> begun);
            Stalls.hold();
            x = 1;
            domain.synchronize();
            r.r1 = y();
        }

        @Actor
        public void firstCallerAndReader(II_Result r) {
            domain.startPoll();
            domain.step();
            long token = domain.downRead(0);
            r.r2 = x;
            begun = true;
            Stalls.hold();
            domain.upRead(2, old);
            Stalls.hold();
            y(1);
            domain.upRead(0, token);
        }
    }

    /** Catalogue 33: two remove one resource, one of them retires it, and it is closed once. Negative control: {@code rcu-retire-twice}. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "closed once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "never closed, or twice")
    @State
    public static class RetireOnce {
        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        private final AtomicReference<String> current = new AtomicReference<>("resource");
        private final AtomicInteger closed = new AtomicInteger();

        private void remove() {
            if (current.compareAndSet("resource", "none")) {
                domain.retire(closed::incrementAndGet);
            }
            domain.step();
        }

        @Actor
        public void one() {
            remove();
        }

        @Actor
        public void other() {
            remove();
        }

        @Arbiter
        public void after(I_Result r) {
            Patience.until(() -> domain.pendingReleases() == 0);
            r.r1 = closed.get();
        }
    }

    /**
     * Catalogue 34: a barrier returns after every release that was retired before it has run, whoever runs it. Negative
     * control: {@code rcu-barrier-early}.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "had run when the barrier returned")
    @Outcome(expect = Expect.FORBIDDEN, desc = "had not run when the barrier returned")
    @State
    public static class BarrierOrder {
        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        /** Plain: only the barrier orders it. */
        private int released;

        @Actor
        public void retirer(I_Result r) {
            domain.retire(() -> {
                Stalls.hold();
                released = 1;
            });
            domain.barrier();
            r.r1 = released;
        }

        @Actor
        public void other() {
            domain.synchronize();
            domain.step();
        }
    }

    /** Catalogue 31, by a stage: what depends on it runs after the section. Negative control: {@code rcu-poll-early}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the reader, closed in the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader, or never")
    @State
    public static class StageElapses extends Succession {
        @Actor
        public void reader(II_Result r) {
            r.r1 = use(0, 1);
        }

        @Actor
        public void writer() {
            current = new Resource();
            domain.whenElapsed(domain.startPoll()).thenRun(() -> first.closed = 1);
            domain.step();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = Patience.synchronize(domain) && Patience.until(() -> first.closed == 1) ? 1 : 0;
        }
    }
}
