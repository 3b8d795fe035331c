// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: generics
// layer: compile VolatileLoadRequired
package seed.volatileload;

import java.util.concurrent.atomic.AtomicReference;
import org.rcublk.annotation.VolatileLoad;

final class AcquireOnReference<V> {
    @VolatileLoad
    private final AtomicReference<V> version = new AtomicReference<>();

    V current() {
        return version.getAcquire(); // HERE
    }
}
