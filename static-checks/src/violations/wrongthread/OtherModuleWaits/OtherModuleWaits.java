// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: other module
// layer: callgraph
// from: OtherModuleWaits.ready
// to: ReadDomain.synchronize
package seed.wrongthread.othermodulewaits;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;
import seed.wrongthread.othermodulewaits.other.Cleaner;

final class OtherModuleWaits {
    private final Cleaner cleaner = new Cleaner(new ReadDomain("seed"));

    @IoThreadOnly
    void ready() {
        cleaner.clean();
    }
}
