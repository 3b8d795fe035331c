// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: static initializer
// layer: none
package seed.clean;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import org.rcublk.annotation.VolatileLoad;

final class VolatileLoads {
    private static final VarHandle NUMBER;

    static {
        try {
            NUMBER = MethodHandles.lookup().findVarHandle(VolatileLoads.class, "number", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @VolatileLoad
    private volatile long number;

    @VolatileLoad
    private final AtomicReference<String> name = new AtomicReference<>();

    private volatile long hits;

    String current() {
        hits = hits + 1;
        return (long) NUMBER.getVolatile(this) + number + name.get();
    }

    void next(String named) {
        NUMBER.setRelease(this, number + 1);
        name.compareAndSet(null, named);
    }
}
