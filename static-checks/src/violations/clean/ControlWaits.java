// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: lambda
// layer: none
package seed.clean;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

/** The IOThread asks; the control path waits. */
final class ControlWaits {
    private final ReadDomain domain = new ReadDomain("seed");

    @IoThreadOnly
    long ask() {
        return domain.startPoll();
    }

    @GlobalState
    void settle() {
        domain.synchronize();
        later(() -> domain.barrier());
    }

    @GlobalState
    void later(@GlobalState Runnable task) {
        task.run();
    }
}
