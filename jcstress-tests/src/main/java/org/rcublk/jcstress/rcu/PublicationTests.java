// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/** Publication and reclamation, guarantees B, C and D: catalogue 2, 15 to 18 and 21 ({@link RcuSyncFreeTest} is 1). */
public final class PublicationTests {
    private PublicationTests() {}

    /** Catalogue 2, RCU+sync+read: a grace period sees all of a section or none. Negative control: {@code rcu-release-early}. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "half a section before the grace period, half after")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "all of it, none, or it began later")
    @State
    public static class RcuSyncRead extends Litmus {
        @Actor
        public void reader() {
            long token = domain.downRead(0);
            y(1);
            Stalls.hold();
            z(1);
            domain.upRead(0, token);
        }

        @Actor
        public void writer(II_Result r) {
            r.r1 = y();
            domain.synchronize();
            r.r2 = z();
        }
    }

    /** Catalogue 18, C-SRCU-xdomain: a grace period of one domain says nothing about another. */
    @JCStressTest
    @Outcome(
            id = "1, 0",
            expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "a section of another domain is not waited for")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "all of it, none, or it began later")
    @State
    public static class XDomain extends Litmus {
        private final ReadDomain other = new ReadDomain("other", Runnable::run);

        @Actor
        public void reader() {
            long token = domain.downRead(0);
            y(1);
            Stalls.hold();
            z(1);
            domain.upRead(0, token);
        }

        @Actor
        public void writer(II_Result r) {
            r.r1 = y();
            other.synchronize();
            r.r2 = z();
        }
    }

    /**
     * Catalogue 15, MP+xchg+sync+free with two updaters. The reader and one updater are one actor, in which the section
     * spans the exchange. Negative control: {@code rcu-release-early}.
     */
    @JCStressTest
    @Outcome(
            id = "0, 2",
            expect = Expect.ACCEPTABLE,
            desc = "open under the reader; both that were replaced are closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader, or not closed")
    @State
    public static class MPxchgSync {
        private static final VarHandle CURRENT;

        static {
            try {
                CURRENT = MethodHandles.lookup().findVarHandle(MPxchgSync.class, "current", Resource.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        private volatile Resource current = new Resource();
        private int closedByOne;
        private int closedByOther;

        @Actor
        public void updater() {
            Resource old = (Resource) CURRENT.getAndSet(this, new Resource());
            domain.synchronize();
            old.closed++;
            closedByOne = old.closed;
        }

        @Actor
        public void readerAndUpdater(II_Result r) {
            long token = domain.downRead(0);
            Resource seen = current;
            Stalls.hold();
            Resource old = (Resource) CURRENT.getAndSet(this, new Resource());
            Stalls.hold();
            r.r1 = seen.closed;
            domain.upRead(1, token);
            domain.synchronize();
            old.closed++;
            closedByOther = old.closed;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = closedByOne + closedByOther;
        }
    }

    /**
     * Catalogue 16, C-RCU-phased-state-change-1, the form of a change under a gate: careful, grace period, maintenance,
     * grace period, not careful. Negative control: {@code rcu-release-early}.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "not careful during maintenance")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "careful, or no maintenance")
    @State
    public static class PhasedState1 extends Litmus {
        @Actor
        public void reader(II_Result r) {
            long token = domain.downRead(0);
            r.r1 = x;
            Stalls.hold();
            r.r2 = y();
            domain.upRead(0, token);
        }

        @Actor
        public void control() {
            x = 1;
            domain.synchronize();
            y(1);
            Stalls.hold();
            y(0);
            domain.synchronize();
            x = 0;
        }
    }

    /** Catalogue 17, C-RCU-phased-state-change-2: ended by a release store. Negative control: {@code rcu-release-early}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "not careful during maintenance")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "careful, or no maintenance")
    @State
    public static class PhasedState2 extends Litmus {
        @Actor
        public void reader(II_Result r) {
            long token = domain.downRead(0);
            r.r1 = x;
            Stalls.hold();
            r.r2 = y();
            domain.upRead(0, token);
        }

        @Actor
        public void control() {
            x = 1;
            domain.synchronize();
            y(1);
            Stalls.hold();
            y(0);
            x = 0; // a release store would do
        }
    }

    /** Catalogue 21, C-double-check-rcu-2: opened on demand, closed when evicted. Negative control: {@code rcu-release-early}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the reader, the evicted one closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader, or not closed")
    @State
    public static class DoubleCheck {
        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        private final Resource first = new Resource();
        private volatile @Nullable Resource current = first;

        @Actor
        public void reader(II_Result r) {
            long token = domain.downRead(0);
            Resource seen = current;
            if (seen == null) {
                seen = open();
            }
            Stalls.hold();
            r.r1 = seen.closed;
            domain.upRead(0, token);
        }

        private synchronized Resource open() {
            Resource seen = current;
            if (seen == null) {
                seen = new Resource();
                current = seen;
            }
            return seen;
        }

        @Actor
        public void evictor(II_Result r) {
            current = null;
            domain.synchronize();
            first.closed = 1;
            r.r2 = first.closed;
        }
    }
}
