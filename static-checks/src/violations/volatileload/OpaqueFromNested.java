// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a load that pairs with a store is volatile
// hiding: nested class
// layer: compile VolatileLoadRequired
package seed.volatileload;

import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.annotation.VolatileLoad;

final class OpaqueFromNested {
    @VolatileLoad
    private final AtomicLong version = new AtomicLong();

    final class Report {
        long version() {
            return version.getOpaque(); // HERE
        }
    }
}
