// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.wrongthread.othermodulewaits.other;

import org.rcublk.rcu.ReadDomain;

public final class Cleaner {
    private final ReadDomain domain;

    public Cleaner(ReadDomain domain) {
        this.domain = domain;
    }

    public void clean() {
        domain.synchronize(); // HERE
    }
}
