// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.Drain;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReaderIndex;

/** A queue that is handed to another IOThread, guarantee H: nothing is lost on the way, and nothing is touched by both. */
public final class MoveTests {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final ReaderIndex OTHER = ReaderIndex.acquire();

    private MoveTests() {}

    /** A gate opens while the queue with its parked request is handed over. Control: {@code io-move-loses-release}. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "ran once")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "lost on the way")
    @Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "ran twice")
    @State
    public static class MoveParked {
        private final TestDisk disk = new TestDisk(() -> {});
        private final IoThread target = TestDisk.driven(OTHER);
        private final Drain<PlanNode> drain = disk.drain();

        public MoveParked() {
            disk.submit();
            disk.cycle();
            disk.queue().moveTo(target, PATIENCE);
            target.doWork(); // which shows that it runs
        }

        @Actor
        public void ioThreads() {
            for (int i = 0; i < 3; i++) {
                disk.cycle();
                Stalls.hold();
                target.doWork();
            }
        }

        @Actor
        public void control() {
            drain.close();
        }

        /** One more cycle of each, as an IOThread makes before it sleeps. */
        @Arbiter
        public void after(I_Result r) {
            disk.cycle();
            target.doWork();
            r.r1 = disk.runs;
        }
    }

    /** The old IOThread has a request running as the hand-over is asked for. Control: {@code io-move-keeps-running}. */
    @JCStressTest
    @Outcome(id = "0, 2, 0", expect = Expect.ACCEPTABLE, desc = "both completed once, all counted")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two IOThreads were at the queue at once")
    @State
    public static class MoveRunning {
        private static final class Holding extends TestDisk {
            private @Nullable Request held;

            Holding() {
                super(() -> {});
            }

            @Override
            public int submit(PlanNode self, Request request) {
                if (held == null) {
                    held = request;
                } else {
                    Stalls.hold();
                    request.complete(0);
                }
                return 0;
            }

            void complete() {
                Request first = held;
                if (first != null) {
                    first.complete(0);
                }
            }
        }

        private final Holding disk = new Holding();
        private final IoThread target = TestDisk.driven(OTHER);

        public MoveRunning() {
            disk.submit();
            disk.cycle();
            disk.submit();
            disk.queue().moveTo(target, PATIENCE);
            target.doWork(); // which shows that it runs
        }

        @Actor
        public void oldThread() {
            disk.cycle();
            Stalls.hold();
            disk.complete();
            disk.cycle();
        }

        @Actor
        public void newThread() {
            for (int i = 0; i < 3; i++) {
                target.doWork();
                Stalls.hold();
            }
        }

        @Arbiter
        public void after(III_Result r) {
            disk.cycle();
            target.doWork();
            r.r1 = disk.queue().running();
            r.r2 = disk.queue().pollCompletions((slot, status) -> {}, 8);
            r.r3 = (int) disk.domain().openSections();
        }
    }
}
