// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/**
 * Catalogue 23: a scan must not count an end without its begin, guarantee B: a section that begins on slot 0 and ends on slot 1 while
 * the scan passes between them must not hide the section that was open on slot 2 all the time. (One thread stands for
 * both ends: the code sees slots, not threads.) Negative control: {@code rcu-locks-first},
 * with the new section held after it loaded the rank and the scan held between slots.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "open while the pre-existing section was")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "closed under the pre-existing section")
@State
public class FalseZeroTest {
    /** The sample that the calling thread works on, for the step hook. */
    private static final ThreadLocal<FalseZeroTest> SAMPLE = new ThreadLocal<>();

    private static final int SLOTS = 4;

    /** Reads of begin counters before the second scan has read the first slot: one whole scan, and one. */
    private static final int SECOND_SCAN_PAST_FIRST_SLOT = SLOTS + 1;

    static {
        System.setProperty("rcublk.rcu.chunk-shift", "2"); // SLOTS; read when the first domain is made
        Stalls.install(point -> {
            FalseZeroTest sample = SAMPLE.get();
            if (sample != null) {
                sample.step(point);
            }
        });
    }

    private volatile boolean scanPassedFirstSlot;
    private volatile boolean sectionEnded;
    private int locksRead;

    private final ReadDomain domain = new ReadDomain("test", Runnable::run);
    private final Resource resource = new Resource();
    private final long preExisting = domain.downRead(2);

    private void step(String point) {
        if (point.equals("rcu.rank-loaded")) {
            Stalls.await(() -> scanPassedFirstSlot);
        } else if (point.equals("rcu.lock-read") && ++locksRead == SECOND_SCAN_PAST_FIRST_SLOT) {
            scanPassedFirstSlot = true;
            Stalls.await(() -> sectionEnded);
        }
    }

    @Actor
    public void readers(I_Result r) {
        SAMPLE.set(this);
        long token = domain.downRead(0);
        SAMPLE.remove();
        domain.upRead(1, token);
        sectionEnded = true;
        Stalls.hold();
        r.r1 = resource.closed;
        domain.upRead(2, preExisting);
    }

    @Actor
    public void writer() {
        SAMPLE.set(this);
        domain.synchronize();
        SAMPLE.remove();
        resource.closed = 1;
    }
}
