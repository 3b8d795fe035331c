// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/**
 * Catalogue 24, the counter-flip race, guarantee B: a reader that loaded the rank and is then held up over a whole grace period counts
 * itself in the rank that is inactive by then. Both ranks are scanned, so the second grace period still waits for it.
 * Negative control: {@code rcu-one-scan}, with the reader held at the step hook {@code rcu.rank-loaded}.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "first version, open")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "second version, open")
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "third version, open")
@Outcome(expect = Expect.FORBIDDEN, desc = "closed under the reader")
@State
public class FlipRaceTest {
    /** The sample that the calling thread is the reader of, for the step hook. */
    private static final ThreadLocal<FlipRaceTest> READING = new ThreadLocal<>();

    static {
        Stalls.install(point -> {
            FlipRaceTest sample = READING.get();
            if (sample != null && point.equals("rcu.rank-loaded")) {
                Stalls.await(() -> sample.current > 0 && sample.elapsed);
            }
        });
    }

    private final ReadDomain domain = new ReadDomain("test", Runnable::run);
    private final Resource[] versions = {new Resource(), new Resource(), new Resource()};
    private volatile int current;
    private volatile boolean elapsed;
    private volatile boolean loaded;

    @Actor
    public void reader(II_Result r) {
        READING.set(this);
        long token = domain.downRead(0);
        READING.remove();
        int seen = current;
        loaded = true;
        Stalls.hold();
        r.r1 = seen;
        r.r2 = versions[seen].closed;
        domain.upRead(0, token);
    }

    @Actor
    public void writer() {
        for (int next = 1; next < versions.length; next++) {
            if (next > 1) {
                Stalls.awaitUnderSteps(() -> loaded);
            }
            current = next;
            domain.synchronize();
            elapsed = true;
            versions[next - 1].closed = 1;
        }
    }
}
