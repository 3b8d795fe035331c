// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two plans of a node are compiled at once: one tracker for both, or its versions would not see each other's requests
 * (hazard H3). Negative control: {@code io-tracker-made-twice}.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one tracker")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "two versions of a node track its requests apart")
@State
public class OneTrackerTest {
    private final BlockDriver driver = new TrackedParty(0, 0, 0, false);
    private @Nullable RequestTracker first;
    private @Nullable RequestTracker second;

    @Actor
    public void one() {
        first = driver.tracker();
    }

    @Actor
    public void other() {
        second = driver.tracker();
    }

    @Arbiter
    @SuppressWarnings("ReferenceEquality") // the same or not is the question
    public void same(I_Result r) {
        r.r1 = first == second && first == driver.tracker() ? 1 : 0;
    }
}
