// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: nested class
// layer: callgraph
// from: InnerClassHelper.ready
// to: Condition.awaitUninterruptibly
package seed.blocking;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

final class InnerClassHelper {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final class Watch {
        void untilChanged() {
            changed.awaitUninterruptibly(); // HERE
        }
    }

    private final Watch watch = new Watch();

    @IoThreadOnly
    void ready() {
        watch.untilChanged();
    }
}
