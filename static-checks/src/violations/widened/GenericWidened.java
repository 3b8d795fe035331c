// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an overriding method asks no more of its callers
// hiding: generics
// layer: compile WidenedThreadRule
package seed.widened;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

final class GenericWidened {
    interface Command<A> {
        @GlobalState
        void execute(A argument);
    }

    static final class Detach implements Command<String> {
        @Override
        @IoThreadOnly
        public void execute(String root) {} // HERE
    }
}
