// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

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
public class FlipRaceTest extends FlipRace {
    @Override
    long begin() {
        return domain.downRead(0);
    }

    @Override
    void end(long token) {
        domain.upRead(0, token);
    }

    @Actor
    public void reader(II_Result r) {
        read(r);
    }

    @Actor
    public void writer() {
        replaceTwice();
    }
}
