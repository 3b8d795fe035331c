// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.rcublk.annotation.AnyThread;

/** What an export counts. IOThreads add once a batch, not once a request. */
@AnyThread
final class ExportCounters {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final LongAdder requests = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();

    /** Counts a connection and numbers it, from 0. */
    long connectionAccepted() {
        return accepted.getAndIncrement();
    }

    void connectionClosed() {
        closed.incrementAndGet();
    }

    void add(long replies, long read, long written) {
        requests.add(replies);
        if (read != 0) {
            readBytes.add(read);
        }
        if (written != 0) {
            writtenBytes.add(written);
        }
    }

    NbdExportStats snapshot() {
        long gone = closed.get(); // first: a connection that ends meanwhile must not make the difference negative
        long all = accepted.get();
        return new NbdExportStats(all - gone, all, requests.sum(), readBytes.sum(), writtenBytes.sum());
    }
}
