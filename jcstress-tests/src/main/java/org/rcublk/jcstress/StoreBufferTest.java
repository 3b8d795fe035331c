// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Store buffering: with a full fence between store and load on both sides, one of the two loads sees a store. */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "a load saw the other side's store")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "both stores were still in the store buffers")
@State
public class StoreBufferTest {
    private static final VarHandle X = field("x");
    private static final VarHandle Y = field("y");

    int x;
    int y;

    @Actor
    public void left(II_Result r) {
        X.setOpaque(this, 1);
        VarHandle.fullFence();
        r.r1 = (int) Y.getOpaque(this);
    }

    @Actor
    public void right(II_Result r) {
        Y.setOpaque(this, 1);
        VarHandle.fullFence();
        r.r2 = (int) X.getOpaque(this);
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(StoreBufferTest.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
