// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.concurrent.atomic.AtomicInteger;
import org.rcublk.rcu.ReaderIndex;

/** A root identity that counts its hooks and stands for a device: it begins and ends requests on any thread. */
final class TestRoot extends RootState {
    private static final ReaderIndex INDEX = ReaderIndex.acquire();

    final AtomicInteger releases = new AtomicInteger();
    final AtomicInteger detaches = new AtomicInteger();
    volatile InFlight oldest;
    volatile Runnable onRelease = () -> {};

    TestRoot(String id) {
        super(id);
    }

    /** Begins a request. Requests of all test roots share a reader index, so the lock stands for its one thread. */
    long begin() {
        synchronized (INDEX) {
            return domain().downRead(INDEX.value());
        }
    }

    void end(long token) {
        synchronized (INDEX) {
            domain().upRead(INDEX.value(), token);
        }
    }

    @Override
    public void released() {
        releases.incrementAndGet();
        onRelease.run();
    }

    @Override
    public void detached() {
        detaches.incrementAndGet();
    }

    @Override
    public InFlight oldestRequest() {
        return oldest;
    }
}
