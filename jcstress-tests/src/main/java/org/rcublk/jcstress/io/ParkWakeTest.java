// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.Drain;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.Stalls;

/**
 * Catalogue 44, guarantees G and H: park and release across threads. A parked request stays with its IOThread, so no
 * other thread parks or takes back; what crosses threads is the submission, the release signal, and the IOThread's sleep
 * with its second look. A real IOThread sleeps whenever it is idle; one actor submits to it and the other takes the gate
 * off. Negative control: {@code io-sleep-no-recheck}, with the IOThread held before it announces that it sleeps.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "ran once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "lost: the IOThread sleeps")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "ran twice")
@State
public class ParkWakeTest {
    static {
        Stalls.install(point -> {
            if (point.equals("io.before-sleep")) {
                Stalls.hold();
            }
        });
    }

    /** Disks are made once and used again: a sample borrows one, of those that no other sample has now. */
    private static final Queue<TestDisk> IDLE = new ConcurrentLinkedQueue<>();

    private static final class Holder {
        static final IoThread IO_THREAD = TestDisk.started();
    }

    private @Nullable TestDisk disk;
    private @Nullable Drain<PlanNode> drain;
    private int before;

    private synchronized TestDisk disk() {
        TestDisk borrowed = disk;
        if (borrowed == null) {
            borrowed = IDLE.poll();
            if (borrowed == null) {
                borrowed = new TestDisk(() -> {}, Holder.IO_THREAD);
            }
            before = borrowed.runs;
            drain = borrowed.drain();
            disk = borrowed;
        }
        return borrowed;
    }

    private synchronized Drain<PlanNode> drain() {
        disk();
        Drain<PlanNode> held = drain;
        if (held == null) {
            throw new IllegalStateException("a disk comes with its drain");
        }
        return held;
    }

    @Actor
    public void producer() {
        TestDisk mine = disk();
        mine.submit();
        mine.kick();
    }

    @Actor
    public void control() {
        drain().close();
    }

    @Arbiter
    public void after(I_Result r) {
        TestDisk used = disk();
        boolean ran = Patience.until(() -> used.runs > before);
        r.r1 = used.runs - before;
        if (ran) {
            used.reap();
            IDLE.add(used);
        }
    }
}
