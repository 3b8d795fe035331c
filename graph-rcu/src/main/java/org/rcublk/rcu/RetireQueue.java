// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deferred releases of one domain, run in the order in which they were retired, one at a time, on an executor that is
 * never the thread that completes a grace period: a callback may block, or wait for a grace period itself.
 *
 * <p>A callback whose cookie is older than that of the one before it waits for that one: order is kept, at the price of
 * a later release.
 */
final class RetireQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RetireQueue.class);

    private record Entry(long cookie, Retirable retirable) {}

    private final String domain;
    private final Executor executor;
    private final LongPredicate elapsed;
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong pending = new AtomicLong();

    RetireQueue(String domain, Executor executor, LongPredicate elapsed) {
        this.domain = domain;
        this.executor = executor;
        this.elapsed = elapsed;
    }

    void add(long cookie, Retirable retirable) {
        pending.incrementAndGet();
        entries.add(new Entry(cookie, retirable));
    }

    /** Callbacks that have not finished. */
    long pending() {
        return pending.get();
    }

    /** Starts the callback runner if the oldest entry is due and no runner is active. Never runs one itself. */
    void kick() {
        Entry head = entries.peek();
        if (head != null && elapsed.test(head.cookie) && running.compareAndSet(false, true)) {
            try {
                executor.execute(this::run);
            } catch (RuntimeException | Error refused) {
                // Whoever steps a grace period gets here, among them the driver of all domains: it must go on.
                running.set(false);
                LOG.error(
                        "domain {}: its executor refused to run {} due releases; they wait for the next one to be due",
                        domain,
                        pending(),
                        refused);
            }
        }
    }

    private void run() {
        try {
            for (Entry head = entries.peek(); head != null && elapsed.test(head.cookie); head = entries.peek()) {
                entries.remove();
                try {
                    release(head);
                } finally {
                    pending.decrementAndGet();
                }
            }
        } finally {
            running.set(false);
        }
        // An entry may have become due between the last peek and the reset: whoever saw "running" then left it to us.
        kick();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void release(Entry entry) {
        try {
            entry.retirable.release();
        } catch (Throwable failure) {
            // A failing release must touch no other: whatever it throws ends here.
            LOG.error("domain {}: a deferred release failed", domain, failure);
        } finally {
            Thread.interrupted(); // a flag that is left set would close the next one's channels under its hands
        }
    }
}
