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
 * Store buffering between a writer that waits for a grace period and a reader, guarantee B: catalogue 4 to 9
 * ({@link SBsyncTest} is 3). Either the grace period waits for the section and sees what it stored, or the section sees
 * the publication. The writer always stores x, waits, and loads y.
 */
public final class StoreBufferTests {
    private StoreBufferTests() {}

    /** The writer, and a reader whose store buffer is full. */
    abstract static class Base extends Litmus {
        final ColdLines cold = new ColdLines();

        final int publishAndLook() {
            x = 1;
            domain.synchronize();
            return y();
        }
    }

    /** Catalogue 4, SB+o-rcusync-o+i-rl-o-o-rul: load first. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBsyncReord extends Base {
        @Actor
        public void writer(II_Result r) {
            r.r1 = publishAndLook();
        }

        @Actor
        public void reader(II_Result r) {
            cold.dirty();
            long token = domain.downRead(0);
            r.r2 = x;
            y(1);
            domain.upRead(0, token);
        }
    }

    /** Catalogue 5, SB+o-rcusync-o+o-rl-o-rul: the store is before the section. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBBefore extends Base {
        @Actor
        public void writer(II_Result r) {
            r.r1 = publishAndLook();
        }

        @Actor
        public void reader(II_Result r) {
            cold.dirty();
            y(1);
            long token = domain.downRead(0);
            r.r2 = x;
            domain.upRead(0, token);
        }
    }

    /** Catalogue 6, SB+o-rcusync-o+rl-o-rul-o: the load is after the section. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBAfter extends Base {
        @Actor
        public void writer(II_Result r) {
            r.r1 = publishAndLook();
        }

        @Actor
        public void reader(II_Result r) {
            cold.dirty();
            long token = domain.downRead(0);
            y(1);
            domain.upRead(0, token);
            r.r2 = x;
        }
    }

    /** Catalogue 7, SB+o-rcusync-o+o-rl-rul-o: an empty section orders as well. Negative control: {@code rcu-no-store-load}. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBEmpty extends Base {
        @Actor
        public void writer(II_Result r) {
            r.r1 = publishAndLook();
        }

        @Actor
        public void reader(II_Result r) {
            cold.dirty();
            y(1);
            domain.upRead(0, domain.downRead(0));
            r.r2 = x;
        }
    }

    /** Catalogue 8, SB+o-rcusync-o+o-o: without a section there is no guarantee. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "neither saw the other: there was no section")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBNoSection extends Base {
        @Actor
        public void writer(II_Result r) {
            r.r1 = publishAndLook();
        }

        @Actor
        public void reader(II_Result r) {
            cold.dirty();
            y(1);
            r.r2 = x;
        }
    }

    /** Catalogue 9, SB+o-rcusync-o+o-rcusync-o: a grace period is a full fence. y and z are opaque. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one saw the other")
    @State
    public static class SBSyncSync extends Litmus {
        private final ColdLines left = new ColdLines();
        private final ColdLines right = new ColdLines();

        @Actor
        public void left(II_Result r) {
            left.dirty();
            y(1);
            domain.synchronize();
            r.r1 = z();
        }

        @Actor
        public void right(II_Result r) {
            right.dirty();
            z(1);
            domain.synchronize();
            r.r2 = y();
        }
    }
}
