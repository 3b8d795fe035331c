// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: nested class
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.Semaphore;
import org.rcublk.annotation.IoThreadOnly;

/** The rule comes from the enclosing class. */
@IoThreadOnly
final class SemaphoreInNested {
    static final class Slots {
        private final Semaphore free = new Semaphore(1);

        void take() {
            free.acquireUninterruptibly(); // HERE
        }
    }
}
