// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: nested class
// layer: compile ConfinedFieldAccess
package seed.confined;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;

final class ReadFromNested {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    final class Report {
        @AnyThread
        int running() {
            return running; // HERE
        }
    }
}
