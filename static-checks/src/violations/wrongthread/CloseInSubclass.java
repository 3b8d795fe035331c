// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: inheritance
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

final class CloseInSubclass {
    abstract static class Disk {
        @IoThreadOnly
        abstract void failed();

        @GlobalState
        abstract void close();
    }

    /** Both rules are those of the class above. */
    static final class Remote extends Disk {
        @Override
        void failed() {
            close(); // HERE
        }

        @Override
        void close() {}
    }
}
