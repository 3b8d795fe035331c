// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never blocks
// hiding: helper method
// layer: callgraph
// from: HelperSynchronized.next
// to: <monitor>
package seed.blocking;

import org.rcublk.annotation.AnyThread;

final class HelperSynchronized {
    private int count;

    @AnyThread
    int next() {
        return increment();
    }

    private synchronized int increment() { // HERE
        return ++count;
    }
}
