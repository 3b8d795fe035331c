// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: direct
// layer: compile BlockingOnIoThread
package seed.blocking;

import org.rcublk.annotation.IoThreadOnly;

final class SynchronizedBlock {
    private final Object monitor = new Object();
    private int count;

    @IoThreadOnly
    int next() {
        synchronized (monitor) { // HERE
            return ++count;
        }
    }
}
