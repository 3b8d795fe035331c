// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: direct
// layer: compile VolatileLoadRequired
package seed.volatileload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.rcublk.annotation.VolatileLoad;

final class AcquireOnHandle {
    @VolatileLoad
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(AcquireOnHandle.class, "version", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Object version = "first";

    Object current() {
        return VERSION.getAcquire(this); // HERE
    }
}
