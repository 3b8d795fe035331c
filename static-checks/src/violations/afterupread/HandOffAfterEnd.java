// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: lambda
// layer: compile UseAfterUpRead
package seed.afterupread;

import org.rcublk.rcu.ReadDomain;

final class HandOffAfterEnd {
    private final ReadDomain domain = new ReadDomain("seed");

    Runnable task() {
        return () -> {
            long token = domain.downRead();
            domain.upRead(token);
            domain.handOff(token); // HERE
        };
    }
}
