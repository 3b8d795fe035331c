// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never waits for a grace period
// hiding: lambda
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.ReadDomain;

final class WaitFromAny {
    private final ReadDomain domain = new ReadDomain("seed");

    void listen(@AnyThread Runnable listener) {
        listener.run();
    }

    void start() {
        listen(() -> domain.synchronize()); // HERE
    }
}
