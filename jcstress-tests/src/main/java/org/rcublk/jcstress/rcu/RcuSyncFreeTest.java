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
 * Catalogue 1, RCU+sync+free, guarantees B and C: what a section reached is not closed before the section ends. Negative control:
 * {@code rcu-release-early} closes before the grace period.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "old version, still open")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "new version")
@Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "old version, closed under the reader")
@State
public class RcuSyncFreeTest {
    private final ReadDomain domain = new ReadDomain("test", Runnable::run);
    private final Resource first = new Resource();
    private volatile Resource current = first;

    @Actor
    public void reader(II_Result r) {
        long token = domain.downRead(0);
        Resource seen = current;
        r.r1 = seen == first ? 0 : 1;
        Stalls.hold();
        r.r2 = seen.closed;
        domain.upRead(0, token);
    }

    @Actor
    public void writer() {
        current = new Resource();
        domain.synchronize();
        first.closed = 1;
    }
}
