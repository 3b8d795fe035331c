// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.jcstress.Stalls;
import org.rcublk.jcstress.rcu.ColdLines;

/**
 * Requests that overlap on one node, one of them serialising, hazards H12, H21 and H23: never together, never both
 * waiting, no wake-up lost. Each actor is an IOThread.
 */
public final class RequestTrackerTests {
    private RequestTrackerTests() {}

    /** A node, and two IOThreads that have used it before. */
    abstract static class Node {
        static {
            Stalls.install(point -> {
                if (point.startsWith("io.track")) {
                    Stalls.hold();
                }
            });
        }

        final RequestTracker tracker = new RequestTracker(2);

        Node() {
            for (int actor = 0; actor < 2; actor++) {
                TrackedParty first = new TrackedParty(actor, 0, 1, false);
                first.begin(tracker);
                first.end(tracker);
            }
        }
    }

    /** Two begin at once, and exactly one of them goes. */
    abstract static class Begins extends Node {
        private final ColdLines cold = new ColdLines();
        private final TrackedParty left;
        private final TrackedParty right = new TrackedParty(1, 5, 15, true);

        Begins(boolean leftSerialising) {
            left = new TrackedParty(0, 0, 10, leftSerialising);
        }

        final void beginLeft() {
            cold.dirty();
            left.begin(tracker);
        }

        final void beginRight() {
            right.begin(tracker);
        }

        final void judge(II_Result r) {
            r.r1 = left.starts();
            r.r2 = right.starts();
        }
    }

    /**
     * An ordinary and a serialising request. Negative controls: {@code io-track-no-store-load} has no fence between the
     * listing and the load of the count; {@code io-track-no-signal} takes a later place and tells nobody.
     */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one runs")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "together")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "each waits for the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "resumed twice")
    @State
    public static class TrackMixed extends Begins {
        public TrackMixed() {
            super(false);
        }

        @Actor
        public void left() {
            beginLeft();
        }

        @Actor
        public void right() {
            beginRight();
        }

        @Arbiter
        public void after(II_Result r) {
            judge(r);
        }
    }

    /**
     * Two serialising requests. Negative control: {@code io-track-ticket-once} keeps a ticket that is older than who waits.
     */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one runs")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "together")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "each waits for the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "resumed twice")
    @State
    public static class TrackSerialising extends Begins {
        public TrackSerialising() {
            super(true);
        }

        @Actor
        public void left() {
            beginLeft();
        }

        @Actor
        public void right() {
            beginRight();
        }

        @Arbiter
        public void after(II_Result r) {
            judge(r);
        }
    }

    /** One ends while the other looks whether it has to wait. */
    abstract static class EndAndBegin extends Node {
        private final TrackedParty first;
        private final TrackedParty second;

        EndAndBegin(boolean firstSerialising) {
            first = new TrackedParty(0, 0, 10, firstSerialising);
            second = new TrackedParty(1, 5, 15, !firstSerialising);
            first.begin(tracker);
        }

        final void endFirst() {
            first.end(tracker);
        }

        final void beginSecond() {
            second.begin(tracker);
        }

        final void judge(I_Result r) {
            r.r1 = second.starts();
        }
    }

    /**
     * A serialising request begins while an ordinary one ends. Negative controls: {@code io-track-push-blind} stores what
     * it should replace by compare-and-set; {@code io-track-end-blind} loads and stores what it should exchange.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "goes, at once or later")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "waits for what is gone")
    @Outcome(expect = Expect.FORBIDDEN, desc = "resumed twice")
    @State
    public static class TrackEndOrdinary extends EndAndBegin {
        public TrackEndOrdinary() {
            super(false);
        }

        @Actor
        public void end() {
            endFirst();
        }

        @Actor
        public void begin() {
            beginSecond();
        }

        @Arbiter
        public void after(I_Result r) {
            judge(r);
        }
    }

    /** An ordinary request begins while a serialising one ends. Negative controls as before. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "goes, at once or later")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "waits for what is gone")
    @Outcome(expect = Expect.FORBIDDEN, desc = "resumed twice")
    @State
    public static class TrackEndSerialising extends EndAndBegin {
        public TrackEndSerialising() {
            super(true);
        }

        @Actor
        public void end() {
            endFirst();
        }

        @Actor
        public void begin() {
            beginSecond();
        }

        @Arbiter
        public void after(I_Result r) {
            judge(r);
        }
    }

    /**
     * A slot is given back by a request that does not overlap and taken by one that does, while a serialising request looks
     * at it. Negative control: {@code io-track-count-late} looks first and raises the count then.
     */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one runs")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "together: the slot's next request was missed")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "each waits for the other, or for what is gone")
    @Outcome(expect = Expect.FORBIDDEN, desc = "resumed twice")
    @State
    public static class TrackSlotReuse extends Node {
        private final TrackedParty before = new TrackedParty(0, 100, 110, false);
        private final TrackedParty next = new TrackedParty(0, 0, 10, false);
        private final TrackedParty looking = new TrackedParty(1, 5, 15, true);

        public TrackSlotReuse() {
            before.begin(tracker);
        }

        @Actor
        public void reuse() {
            before.end(tracker);
            next.begin(tracker);
        }

        @Actor
        public void look() {
            looking.begin(tracker);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = next.starts();
            r.r2 = looking.starts();
        }
    }
}
