// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.rcu.DebugMode;
import org.rcublk.rcu.ReadDomain;

/** Misuse that the debug mode finds: catalogue 48. */
public final class DebugModeTests {
    private DebugModeTests() {}

    /**
     * Catalogue 48: two threads end one token, and exactly one is told. The mode is the process's: JCStress runs each
     * test in processes of its own, so the test sets the property before the first domain is made. Negative control:
     * a run with the mode off.
     */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "one ended it, the other was told")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "both ended it")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "nobody ended it")
    @State
    public static class DoubleUp {
        static {
            if (System.getProperty(DebugMode.PROPERTY) == null) {
                System.setProperty(DebugMode.PROPERTY, "all");
            }
        }

        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        private final long token = domain.downRead(0);

        private int end(int slot) {
            try {
                domain.upRead(slot, token);
                return 0;
            } catch (IllegalStateException told) {
                return 1;
            }
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = end(0);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = end(1);
        }
    }
}
