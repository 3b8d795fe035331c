// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: functional parameter
// layer: none
package seed.clean;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

/** A task is made on the IOThread and run by the control path, as its parameter says. */
final class HandsToControl {
    private final ReadDomain domain = new ReadDomain("seed");
    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();

    interface Change {
        @GlobalState
        void make();
    }

    @IoThreadOnly
    void ready() {
        onControl(() -> domain.synchronize());
    }

    @AnyThread
    void onControl(Change change) {
        changes.add(change);
    }

    @GlobalState
    void control() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            change.make();
        }
    }
}
