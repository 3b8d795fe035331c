// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: direct
// layer: compile UseAfterUpRead
package seed.afterupread;

import org.rcublk.rcu.ReadDomain;

final class ForkAfterEnd {
    private final ReadDomain domain = new ReadDomain("seed");

    long passOn() {
        long parent = domain.downRead();
        domain.upRead(parent);
        return domain.forkRead(parent); // HERE
    }
}
