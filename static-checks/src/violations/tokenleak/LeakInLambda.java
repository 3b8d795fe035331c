// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: lambda
// layer: compile ReadTokenLeak
package seed.tokenleak;

import org.rcublk.rcu.ReadDomain;

final class LeakInLambda {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile int state;

    Runnable task() {
        return () -> {
            long token = domain.downRead(); // HERE
            if (state > 0) {
                domain.upRead(token);
            }
        };
    }
}
