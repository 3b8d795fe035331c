// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: lambda
// layer: compile VolatileLoadRequired
package seed.volatileload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.rcublk.annotation.VolatileLoad;

final class PlainInLambda {
    @VolatileLoad
    private final AtomicLong version = new AtomicLong();

    LongSupplier current() {
        return () -> version.getPlain(); // HERE
    }
}
