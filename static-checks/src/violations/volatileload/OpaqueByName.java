// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: static initializer
// layer: compile VolatileLoadRequired
package seed.volatileload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.rcublk.annotation.VolatileLoad;

/** The handle is known by the name that its initializer looks up. */
final class OpaqueByName {
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(OpaqueByName.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @VolatileLoad
    private volatile long version;

    long current() {
        return (long) VERSION.getOpaque(this); // HERE
    }
}
