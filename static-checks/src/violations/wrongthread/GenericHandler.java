// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: generics
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

final class GenericHandler {
    interface Command<A> {
        @GlobalState
        void execute(A argument);
    }

    static final class Detach implements Command<String> {
        @Override
        public void execute(String root) {}
    }

    private final Detach detach = new Detach();

    @IoThreadOnly
    void ready() {
        detach.execute("disk0"); // HERE
    }
}
