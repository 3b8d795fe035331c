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
import org.rcublk.rcu.ReaderIndex;

/**
 * Tokens that travel, fork and change slots, guarantees B and C: catalogue 19, 20, 22 and 27 to 30. Where a section
 * begins before the test does, it begins in the constructor; where it ends on another thread, it ends on another slot of
 * the same actor, because the code sees slots and not threads.
 */
public final class TokenTests {
    private TokenTests() {}

    /** Catalogue 22, UpDown2: begun on one slot, ended on another. Negative control: {@code rcu-upread-wrong-rank}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open until the token was ended")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed before the token was ended")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class UpDown2 extends Succession {
        private final long token = domain.downRead(0);

        @Actor
        public void end(II_Result r) {
            Stalls.hold();
            r.r1 = first.closed;
            domain.upRead(1, token);
        }

        @Actor
        public void writer(II_Result r) {
            r.r2 = replace();
        }
    }

    /** Catalogue 19, C-SRCU-readers-no-nest: the sections overlap, and are not one. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "waited for the first section only")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "both, none, or they began later")
    @State
    public static class OverlapNoNest extends Litmus {
        @Actor
        public void reader() {
            long first = domain.downRead(0);
            y(1);
            Stalls.hold();
            long second = domain.downRead(0);
            domain.upRead(0, first);
            z(1);
            domain.upRead(0, second);
        }

        @Actor
        public void writer(II_Result r) {
            r.r1 = y();
            domain.synchronize();
            r.r2 = z();
        }
    }

    /** Catalogue 20, as 19 with a fork: parent and child are one section. Negative control: {@code rcu-fork-fresh-rank}. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "waited for the parent and not for the child")
    @Outcome(id = "1, 2", expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "both, none, or they began later")
    @State
    public static class OverlapFork extends Litmus {
        @Actor
        public void reader() {
            long parent = domain.downRead(0);
            y(1);
            Stalls.hold();
            long child = domain.forkRead(0, parent);
            domain.upRead(0, parent);
            Stalls.hold();
            z(1);
            domain.upRead(0, child);
        }

        @Actor
        public void writer(II_Result r) {
            r.r1 = y();
            if (r.r1 == 1) {
                r.r2 = Patience.synchronize(domain) ? z() : 2;
            }
        }
    }

    /** Catalogue 27: the first section of a slot whose chunk does not exist yet. Negative control: {@code rcu-scan-one-chunk}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the new reader")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed under the new reader")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class SlotRegister extends Succession {
        private static final int NEW_CHUNK = 100;

        public SlotRegister() {
            domain.upRead(0, domain.downRead(0));
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = use(NEW_CHUNK, NEW_CHUNK);
        }

        @Actor
        public void writer(II_Result r) {
            r.r2 = replace();
        }
    }

    /**
     * Beyond the catalogue: two readers are the first of their chunks, of which the second lies behind the first; neither
     * growth of the table undoes the other. Negative control: {@code rcu-grow-by-set}.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "as many ends as begins, and a grace period ends")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a count was lost with the chunk that it was in")
    @State
    public static class SlotsGrow {
        private static final int NEXT_CHUNK = 20;
        private static final int LATER_CHUNK = 40;

        private final ReadDomain domain = new ReadDomain("test", Runnable::run);

        private void sections(int reader) {
            long first = domain.downRead(reader);
            Stalls.hold();
            domain.upRead(reader, first);
            domain.upRead(reader, domain.downRead(reader));
        }

        @Actor
        public void left() {
            sections(NEXT_CHUNK);
        }

        @Actor
        public void right() {
            sections(LATER_CHUNK);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = domain.openSections() == 0 && Patience.synchronize(domain) ? 1 : 0;
        }
    }

    /**
     * Catalogue 28: a registration ends with its token open, and the next thread adopts the slot. Negative control:
     * {@code rcu-slot-zeroed}.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open until the orphan was ended")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed under the orphaned token")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class SlotRecycle extends Succession {
        private final long orphan;

        public SlotRecycle() {
            try (ReaderIndex gone = ReaderIndex.acquire()) {
                orphan = domain.downRead(gone.value());
            }
        }

        @Actor
        public void adopter(II_Result r) {
            try (ReaderIndex adopted = ReaderIndex.acquire()) {
                domain.upRead(adopted.value(), domain.downRead(adopted.value()));
                Stalls.hold();
                r.r1 = first.closed;
                domain.upRead(adopted.value(), orphan);
            }
        }

        @Actor
        public void writer(II_Result r) {
            r.r2 = replace();
        }
    }

    /** Catalogue 29: the child goes on after its parent ended. Negative control: {@code rcu-fork-uncounted}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the child")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed under the child")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class ForkBeforeEnd extends Succession {
        private final long parent = domain.downRead(0);

        @Actor
        public void child(II_Result r) {
            long child = domain.forkRead(0, parent);
            domain.upRead(1, parent);
            Stalls.hold();
            r.r1 = first.closed;
            domain.upRead(2, child);
        }

        @Actor
        public void writer(II_Result r) {
            r.r2 = replace();
        }
    }

    /** Catalogue 30: as 29, the fork comes after the flip. Negative control: {@code rcu-fork-fresh-rank}. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "open under the child")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "closed under the child")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the grace period never ended")
    @State
    public static class ForkAcrossFlip extends Succession {
        private static final ThreadLocal<ForkAcrossFlip> WAITING = new ThreadLocal<>();

        static {
            Stalls.install(point -> {
                ForkAcrossFlip sample = WAITING.get();
                if (sample != null && point.equals("rcu.before-flip")) {
                    sample.flips = true;
                }
            });
        }

        private final long parent = domain.downRead(0);
        private volatile boolean flips;

        @Actor
        public void child(II_Result r) {
            Stalls.awaitUnderSteps(() -> flips);
            Stalls.hold();
            long child = domain.forkRead(0, parent);
            domain.upRead(1, parent);
            Stalls.hold();
            r.r1 = first.closed;
            domain.upRead(2, child);
        }

        @Actor
        public void writer(II_Result r) {
            WAITING.set(this);
            r.r2 = replace();
            WAITING.remove();
        }
    }
}
