// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: helper method
// layer: callgraph
// from: HelperReads.report
// to: HelperReads.running
package seed.confined;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;

final class HelperReads {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    @AnyThread
    String report() {
        return "running: " + count();
    }

    private int count() {
        return running; // HERE
    }
}
