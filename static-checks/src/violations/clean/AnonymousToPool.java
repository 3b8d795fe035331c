// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: anonymous class
// layer: none
package seed.clean;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

/** The class is an IOThread's, and the object that it gives to the pool is not. */
@IoThreadOnly
final class AnonymousToPool {
    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService pool;
    private int saved;

    AnonymousToPool(ExecutorService pool) {
        this.pool = pool;
    }

    void save() {
        pool.execute(new Runnable() {
            @Override
            public void run() {
                lock.lock();
                try {
                    saved++;
                } finally {
                    lock.unlock();
                }
            }
        });
    }
}
