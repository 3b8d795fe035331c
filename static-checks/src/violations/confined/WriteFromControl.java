// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: direct
// layer: compile ConfinedFieldAccess
package seed.confined;

import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.GlobalState;

final class WriteFromControl {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    @GlobalState
    void reset() {
        running = 0; // HERE
    }
}
