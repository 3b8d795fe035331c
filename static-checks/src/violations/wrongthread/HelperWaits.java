// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: helper method
// layer: callgraph
// from: HelperWaits.ready
// to: ReadDomain.barrier
package seed.wrongthread;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

final class HelperWaits {
    private final ReadDomain domain = new ReadDomain("seed");

    @IoThreadOnly
    void ready() {
        settle(3);
    }

    private void settle(int times) {
        if (times > 0) {
            settle(times - 1);
        }
        domain.barrier(); // HERE
    }
}
