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
 * Catalogue 3, SB+o-rcusync-o+rl-o-o-rul, guarantee B: store buffering between a writer that waits for a grace period and a section.
 * Either the grace period waits for the section, and sees its store, or the section sees the writer's publication. It
 * holds the store-load order of {@code downRead}. Negative control: {@code rcu-no-store-load}.
 */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "the section saw the publication, or the grace period waited for it")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "neither saw the other")
@State
public class SBsyncTest extends Litmus {
    private final ColdLines cold = new ColdLines();

    @Actor
    public void writer(II_Result r) {
        x = 1;
        domain.synchronize();
        r.r1 = y();
    }

    @Actor
    public void reader(II_Result r) {
        cold.dirty();
        long token = domain.downRead(0);
        y(1);
        r.r2 = x;
        domain.upRead(0, token);
    }
}
