// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: helper method
// layer: callgraph
// from: HelperLocks.ready
// to: ReentrantLock.lock
package seed.blocking;

import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

final class HelperLocks {
    private final ReentrantLock lock = new ReentrantLock();
    private int count;

    @IoThreadOnly
    void ready() {
        countOne();
    }

    private void countOne() {
        update(1);
    }

    private void update(int by) {
        lock.lock(); // HERE
        try {
            count += by;
        } finally {
            lock.unlock();
        }
    }
}
