// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: direct
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

final class ControlConstructor {
    static final class Export {
        @GlobalState
        Export() {}
    }

    @IoThreadOnly
    Object ready() {
        return new Export(); // HERE
    }
}
