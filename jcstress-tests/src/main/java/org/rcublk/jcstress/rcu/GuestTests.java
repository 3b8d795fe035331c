// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

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

/** Threads without a reader index, guarantee B: catalogue 25 and 26. Actors are such threads. */
public final class GuestTests {
    private GuestTests() {}

    /** Catalogue 25: as {@link FlipRaceTest}, the reader is a guest. Negative control: {@code rcu-one-scan}. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0", "2, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "the version that was seen is open")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader")
    @State
    public static class FlipRaceGuest extends FlipRace {
        @Override
        long begin() {
            return domain.downRead();
        }

        @Override
        void end(long token) {
            domain.upRead(token);
        }

        @Actor
        public void reader(II_Result r) {
            read(r);
        }

        @Actor
        public void writer() {
            replaceTwice();
        }
    }

    /** As catalogue 22 and 27: a grace period waits for the first guest of a domain. Negative control: {@code rcu-scan-no-guests}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the guest")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed under the guest")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class GuestRegister extends Succession {
        @Actor
        public void guest(II_Result r) {
            long token = domain.downRead();
            Resource seen = current;
            Stalls.hold();
            r.r1 = seen.closed;
            domain.upRead(token);
        }

        @Actor
        public void writer(II_Result r) {
            r.r2 = replace();
        }
    }

    /**
     * Catalogue 26: guests that share a stripe lose no count. Each of the two that do the work has the same stripe.
     * Negative control: {@code rcu-guest-no-rmw}.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "as many ends as begins, and a grace period ends")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a count was lost")
    @State
    public static class GuestStripe {
        private static final int SECTIONS = 8;
        private static final Guest LEFT = new Guest();
        private static final Guest RIGHT = new Guest();

        private final ReadDomain domain = new ReadDomain("test", Runnable::run);

        private void sections() {
            for (int i = 0; i < SECTIONS; i++) {
                domain.upRead(domain.downRead());
            }
        }

        @Actor
        public void left() {
            LEFT.run(this::sections);
        }

        @Actor
        public void right() {
            RIGHT.run(this::sections);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = domain.openSections() == 0 && Patience.synchronize(domain) ? 1 : 0;
        }
    }
}
