// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never blocks
// hiding: direct
// layer: compile BlockingOnIoThread
package seed.blocking;

import org.rcublk.annotation.AnyThread;

final class SynchronizedMethod {
    private int count;

    @AnyThread
    synchronized int next() { // HERE
        return ++count;
    }
}
