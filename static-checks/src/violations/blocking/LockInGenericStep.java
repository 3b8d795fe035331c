// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: generics
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.locks.Lock;
import org.rcublk.annotation.IoThreadOnly;

final class LockInGenericStep {
    interface Step<T> {
        @IoThreadOnly
        void run(T on);
    }

    /** What it overrides is {@code run(Object)} in byte code. */
    static final class Locking implements Step<Lock> {
        @Override
        public void run(Lock on) {
            on.lock(); // HERE
        }
    }
}
