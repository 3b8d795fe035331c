// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: helper method
// layer: none
package seed.clean;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/** The constructor and the IOThread use it; others read a copy that is written for them. */
final class OwnField {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    private volatile int reported;

    OwnField(int running) {
        this.running = running;
    }

    @IoThreadOnly
    void started() {
        count();
        reported = running;
    }

    private void count() {
        running++;
    }

    @AnyThread
    int reported() {
        return reported;
    }
}
