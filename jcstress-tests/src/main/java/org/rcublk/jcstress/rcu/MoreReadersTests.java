// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Store buffering in a ring of three and four, guarantee B: catalogue 10 to 12. The rule of read-copy-update: a cycle
 * with at least as many grace periods as sections is forbidden. These need a core for each actor; where there are fewer
 * they are skipped, and the model of the protocol holds what they hold.
 */
public final class MoreReadersTests {
    private MoreReadersTests() {}

    /** Each actor stores one word of the ring and loads the next. All words are opaque but the last, which is x. */
    abstract static class Ring extends Litmus {
        private volatile int w;

        final void w() {
            w = 1;
        }

        final int lookAtW() {
            return w;
        }
    }

    /** Catalogue 10, one grace period and two sections. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "more sections than grace periods: allowed")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "somebody saw somebody")
    @State
    public static class SB3With1gp2rs extends Ring {
        @Actor
        public void writer(III_Result r) {
            x = 1;
            domain.synchronize();
            r.r1 = y();
        }

        @Actor
        public void one(III_Result r) {
            long token = domain.downRead(0);
            y(1);
            r.r2 = lookAtW();
            domain.upRead(0, token);
        }

        @Actor
        public void other(III_Result r) {
            long token = domain.downRead(1);
            w();
            r.r3 = x;
            domain.upRead(1, token);
        }
    }

    /** Catalogue 11, two grace periods and one section. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(
            id = "0, 0, 0",
            expect = Expect.FORBIDDEN,
            desc = "as many grace periods as sections, and nobody saw anybody")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "somebody saw somebody")
    @State
    public static class SB3With2gp1rs extends Ring {
        @Actor
        public void writer(III_Result r) {
            x = 1;
            domain.synchronize();
            r.r1 = y();
        }

        @Actor
        public void next(III_Result r) {
            y(1);
            domain.synchronize();
            r.r2 = z();
        }

        @Actor
        public void reader(III_Result r) {
            long token = domain.downRead(0);
            z(1);
            r.r3 = x;
            domain.upRead(0, token);
        }
    }

    /** Catalogue 12, two grace periods and two sections. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(
            id = "0, 0, 0, 0",
            expect = Expect.FORBIDDEN,
            desc = "as many grace periods as sections, and nobody saw anybody")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "somebody saw somebody")
    @State
    public static class SB4With2gp2rs extends Ring {
        @Actor
        public void writer(IIII_Result r) {
            x = 1;
            domain.synchronize();
            r.r1 = y();
        }

        @Actor
        public void next(IIII_Result r) {
            y(1);
            domain.synchronize();
            r.r2 = z();
        }

        @Actor
        public void one(IIII_Result r) {
            long token = domain.downRead(0);
            z(1);
            r.r3 = lookAtW();
            domain.upRead(0, token);
        }

        @Actor
        public void other(IIII_Result r) {
            long token = domain.downRead(1);
            w();
            r.r4 = x;
            domain.upRead(1, token);
        }
    }
}
