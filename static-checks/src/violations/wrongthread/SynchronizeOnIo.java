// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: direct
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

final class SynchronizeOnIo {
    private final ReadDomain domain = new ReadDomain("seed");

    @IoThreadOnly
    void ready() {
        domain.synchronize(); // HERE
    }
}
