// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: method reference
// layer: callgraph
// from: StoredReference.ready
// to: ReentrantLock.lock
package seed.blocking;

import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

final class StoredReference {
    private final ReentrantLock lock = new ReentrantLock();
    private Runnable enter = () -> {};

    void guard() {
        enter = lock::lock; // HERE
    }

    @IoThreadOnly
    void ready() {
        enter.run();
    }
}
