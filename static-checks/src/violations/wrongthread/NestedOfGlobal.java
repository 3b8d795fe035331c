// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: the control path never does what is an IOThread's
// hiding: nested class
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.io.IoThread;

@GlobalState
final class NestedOfGlobal {
    static final class Report {
        int reader(IoThread thread) {
            return thread.readerIndex(); // HERE
        }
    }
}
