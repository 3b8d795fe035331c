// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: anonymous class
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

/** The interface says nothing of threads, but the parameter that the object goes to does. */
final class LockInPassedAnonymous {
    private final ReentrantLock lock = new ReentrantLock();

    void onIo(@IoThreadOnly Runnable task) {
        task.run();
    }

    void start() {
        onIo(new Runnable() {
            @Override
            public void run() {
                lock.lock(); // HERE
            }
        });
    }
}
