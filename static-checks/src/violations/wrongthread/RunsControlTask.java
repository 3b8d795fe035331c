// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never runs the control path
// hiding: functional parameter
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/** To call a parameter that has a rule is to call a method that has it. */
final class RunsControlTask {
    @AnyThread
    void now(@GlobalState Runnable change) {
        change.run(); // HERE
    }
}
