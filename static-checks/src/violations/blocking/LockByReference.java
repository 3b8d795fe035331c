// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: method reference
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

final class LockByReference {
    private final ReentrantLock lock = new ReentrantLock();

    void onIo(@IoThreadOnly Runnable task) {
        task.run();
    }

    void start() {
        onIo(lock::lock); // HERE
    }
}
