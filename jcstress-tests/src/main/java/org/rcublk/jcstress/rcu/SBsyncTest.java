// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.rcu.ReadDomain;

/**
 * SB+o-rcusync-o+rl-o-o-rul, guarantee B: store buffering between a writer that waits for a grace period and a section.
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
public class SBsyncTest {
    private static final VarHandle Y;

    static {
        try {
            Y = MethodHandles.lookup().findVarHandle(SBsyncTest.class, "y", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int COLD_LINES = 24;
    private static final int LINE = 64 / Long.BYTES;

    private final ReadDomain domain = domainWithSlots();
    /** Lines that the reader's core does not own: stores to them keep its store buffer full, so that a begin waits there. */
    private final long[] cold = new long[COLD_LINES * LINE];

    private volatile int x;

    @SuppressWarnings("UnusedVariable") // through the VarHandle
    private int y;

    @Actor
    public void writer(II_Result r) {
        x = 1;
        domain.synchronize();
        r.r1 = (int) Y.getOpaque(this);
    }

    @Actor
    public void reader(II_Result r) {
        for (int i = 0; i < cold.length; i += LINE) {
            cold[i] = i;
        }
        long token = domain.downRead(0);
        Y.setOpaque(this, 1);
        r.r2 = x;
        domain.upRead(0, token);
    }

    /** The first use of a slot allocates its chunk under a monitor, whose fences would hide a missing one. */
    private static ReadDomain domainWithSlots() {
        ReadDomain domain = new ReadDomain("test", Runnable::run);
        domain.upRead(0, domain.downRead(0));
        return domain;
    }
}
