// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: method reference
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

final class SynchronizeByReference {
    private final ReadDomain domain = new ReadDomain("seed");

    void onIo(@IoThreadOnly Runnable task) {
        task.run();
    }

    void start() {
        onIo(domain::synchronize); // HERE
    }
}
