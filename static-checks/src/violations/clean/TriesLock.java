// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: direct
// layer: none
package seed.clean;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.IoThreadOnly;

/** The forms of these calls that never wait. */
final class TriesLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore slots = new Semaphore(1);
    private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(8);
    private final CompletableFuture<String> reply = new CompletableFuture<>();

    @IoThreadOnly
    boolean ready() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            return slots.tryAcquire() && lines.offer("one") && lines.poll() != null && reply.getNow(null) == null;
        } finally {
            lock.unlock();
        }
    }
}
