// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.rcublk.rcu.ReadDomain;

/**
 * What a litmus test needs: a domain and three words. {@code x} is published and loaded as what a section protects is,
 * by volatile accesses; {@code y} and {@code z} are opaque, so that the domain alone orders them.
 *
 * <p>The domain's slots exist already: the first use of a chunk takes a monitor, whose fences would hide a missing one.
 */
abstract class Litmus {
    private static final VarHandle Y = word("y");
    private static final VarHandle Z = word("z");

    final ReadDomain domain = new ReadDomain("test", Runnable::run);
    volatile int x;

    @SuppressWarnings("UnusedVariable") // through the VarHandle
    private int y;

    @SuppressWarnings("UnusedVariable") // through the VarHandle
    private int z;

    Litmus() {
        domain.upRead(0, domain.downRead(0));
    }

    private static VarHandle word(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Litmus.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final void y(int value) {
        Y.setOpaque(this, value);
    }

    final int y() {
        return (int) Y.getOpaque(this);
    }

    final void z(int value) {
        Z.setOpaque(this, value);
    }

    final int z() {
        return (int) Z.getOpaque(this);
    }
}
