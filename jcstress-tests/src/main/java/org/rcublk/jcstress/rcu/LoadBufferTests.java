// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Load buffering between readers: catalogue 13 and 14. Sections do not order one another as a lock's would: what is
 * allowed here is a test so that nobody relies on the opposite. x86 does not show it.
 */
public final class LoadBufferTests {
    private LoadBufferTests() {}

    /** Catalogue 13, LB+rl-o-o-rul+rl-o-o-rul. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "both stores were ordered before both loads")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "in some order of the sections")
    @State
    public static class LBrs extends Litmus {
        @Actor
        public void left(II_Result r) {
            long token = domain.downRead(0);
            r.r1 = y();
            z(1);
            domain.upRead(0, token);
        }

        @Actor
        public void right(II_Result r) {
            long token = domain.downRead(1);
            r.r2 = z();
            y(1);
            domain.upRead(1, token);
        }
    }

    /** Catalogue 14, LB+o-rl-rul-o+o-rl-rul-o. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "both stores were ordered before both loads")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "in some order of the empty sections")
    @State
    public static class LBempty extends Litmus {
        @Actor
        public void left(II_Result r) {
            r.r1 = y();
            domain.upRead(0, domain.downRead(0));
            z(1);
        }

        @Actor
        public void right(II_Result r) {
            r.r2 = z();
            domain.upRead(1, domain.downRead(1));
            y(1);
        }
    }
}
