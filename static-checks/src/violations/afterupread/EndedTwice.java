// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: direct
// layer: compile UseAfterUpRead
package seed.afterupread;

import org.rcublk.rcu.ReadDomain;

final class EndedTwice {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile int state;

    int look() {
        long token = domain.downRead();
        int seen = state;
        domain.upRead(token);
        if (seen == 0) {
            domain.upRead(token); // HERE
        }
        return seen;
    }
}
