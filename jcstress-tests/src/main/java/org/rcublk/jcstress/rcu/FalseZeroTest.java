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
 * A scan must not count an end without its begin, guarantee B: a section that begins on slot 0 and ends on slot 1 while
 * the scan passes between them must not hide the section that was open on slot 2 all the time. (One thread stands for
 * both ends: the code sees slots, not threads.) Negative control: {@code rcu-locks-first},
 * with the new section held after it loaded the rank and the scan held between slots.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "open while the pre-existing section was")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "closed under the pre-existing section")
@State
public class FalseZeroTest {
    static {
        Stalls.install("rcu.rank-loaded", "rcu.lock-read");
    }

    private final ReadDomain domain = new ReadDomain("test", Runnable::run);
    private final Resource resource = new Resource();
    private final long preExisting = domain.downRead(2);

    @Actor
    public void readers(I_Result r) {
        long token = domain.downRead(0);
        domain.upRead(1, token);
        Stalls.hold();
        r.r1 = resource.closed;
        domain.upRead(2, preExisting);
    }

    @Actor
    public void writer() {
        domain.synchronize();
        resource.closed = 1;
    }
}
