// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: anonymous class
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.io.IoThread;
import org.rcublk.rcu.ReadDomain;

/** It stands in a class of the control path, and runs on the IOThread that it is given to. */
@GlobalState
final class SynchronizeInPassedAnonymous {
    private final ReadDomain domain = new ReadDomain("seed");

    void ask(IoThread thread) {
        thread.execute(new Runnable() {
            @Override
            public void run() {
                domain.synchronize(); // HERE
            }
        });
    }
}
