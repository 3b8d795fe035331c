// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: helper method
// layer: callgraph
// from: HelperOfControl.ready
// to: HelperOfControl.remove
package seed.wrongthread;

import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

final class HelperOfControl {
    @IoThreadOnly
    void ready() {
        cleanUp();
    }

    private void cleanUp() {
        remove(); // HERE
    }

    @GlobalState
    private void remove() {}
}
