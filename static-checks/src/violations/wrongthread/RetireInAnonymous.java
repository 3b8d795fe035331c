// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: anonymous class
// layer: compile WrongThreadCall
package seed.wrongthread;

import java.nio.channels.SelectionKey;
import org.rcublk.io.SocketHandler;
import org.rcublk.rcu.ReadDomain;

/** retire() waits when too many releases are pending. */
final class RetireInAnonymous {
    private final ReadDomain domain = new ReadDomain("seed");
    private int released;

    SocketHandler handler() {
        return new SocketHandler() {
            @Override
            public void ready(SelectionKey key) {
                domain.retire(() -> released++); // HERE
            }
        };
    }
}
