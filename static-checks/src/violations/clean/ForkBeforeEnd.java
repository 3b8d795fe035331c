// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: direct
// layer: none
package seed.clean;

import org.rcublk.rcu.ReadDomain;

final class ForkBeforeEnd {
    private final ReadDomain domain = new ReadDomain("seed");

    long passOn() {
        long parent = domain.downRead();
        long child = domain.forkRead(parent);
        domain.upRead(parent);
        return child;
    }
}
