// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: the control path never does what is an IOThread's
// hiding: direct
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.io.StorageEngine;

final class PollFromControl {
    @GlobalState
    int settle(StorageEngine engine) {
        return engine.poll(); // HERE
    }
}
