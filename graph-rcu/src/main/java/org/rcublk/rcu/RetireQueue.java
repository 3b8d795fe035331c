// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deferred releases of one domain, run in the order in which they were retired, one at a time, on an executor that is
 * never the thread that completes a grace period: a callback may block, or wait for a grace period itself.
 *
 * <p>A callback whose cookie is older than that of the one before it waits for that one: order is kept, at the price of
 * a later release.
 *
 * <h2>Counts</h2>
 * {@code added} counts releases before they are queued, {@code done} those that have returned or thrown; only the runner
 * writes {@code done}. Releases run in order, so a barrier is a look at {@code added} and a wait until {@code done} has
 * reached it, and the difference is what back-pressure bounds.
 */
@AnyThread
final class RetireQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RetireQueue.class);
    private static final boolean TWICE = Mutants.on("rcu-retire-twice");
    private static final boolean LOST_KICK = Mutants.on("rcu-lost-kick");
    private static final boolean THROW_KILLS = Mutants.on("rcu-throw-kills-queue");
    private static final boolean ON_STEPPER = Mutants.on("rcu-callback-on-driver");
    private static final boolean BARRIER_EARLY = Mutants.on("rcu-barrier-early");
    private static final boolean TWO_RUNNERS = Mutants.on("rcu-two-runners");
    private static final boolean PENDING_TORN = Mutants.on("rcu-pending-torn");

    /** On whichever thread runs releases, of any domain: it must not wait for room that only it can make. */
    private static final ThreadLocal<Boolean> RUNNER = ThreadLocal.withInitial(() -> false);

    private record Entry(long cookie, Retirable retirable) {}

    private final String domain;
    private final Executor executor;
    private final LongPredicate elapsed;
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong added = new AtomicLong();
    private volatile long taken;
    private volatile long done;
    private volatile long failed;
    private volatile boolean refusing;
    private volatile long releasingSince; // 0 while no release runs

    RetireQueue(String domain, Executor executor, LongPredicate elapsed) {
        this.domain = domain;
        this.executor = ON_STEPPER ? Runnable::run : executor;
        this.elapsed = elapsed;
    }

    void add(long cookie, Retirable retirable) {
        Entry entry = new Entry(cookie, retirable);
        added.incrementAndGet();
        if (Steps.ENABLED) {
            Steps.reach("rcu.retire-counted");
        }
        try {
            entries.add(entry);
        } catch (Error failed) { // no memory: counted and not there, a barrier would wait for it for ever
            added.decrementAndGet();
            throw failed;
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.retire-added");
        }
    }

    /** Callbacks that have not finished. */
    long pending() {
        if (PENDING_TORN) {
            long first = added.get();
            if (Steps.ENABLED) {
                Steps.reach("rcu.pending-torn");
            }
            return first - done;
        }
        long finished = done; // first: the other way round, one that is added and done between would count as negative
        if (Steps.ENABLED) {
            Steps.reach("rcu.pending");
        }
        return added.get() - finished;
    }

    /** What {@link #reached} has to reach for every release to be over that was added before this call. */
    long mark() {
        return added.get();
    }

    boolean reached(long mark) {
        return (BARRIER_EARLY ? taken : done) >= mark;
    }

    /** Releases that threw. */
    long failed() {
        return failed;
    }

    long finished() {
        return done;
    }

    /** How long the release that runs now has been running, in nanoseconds; 0 if none runs. */
    long releasingNanos() {
        long since = releasingSince;
        return since == 0 ? 0 : Math.max(1, System.nanoTime() - since);
    }

    /** Whether the calling thread is running a release of some domain. */
    static boolean onRunner() {
        return RUNNER.get();
    }

    /**
     * Has the callback runner started if the oldest entry is due and no runner is active. Never runs one itself.
     *
     * @return true if the executor refused: somebody has to try again
     */
    boolean kick() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.kick");
        }
        Entry head = entries.peek();
        if (head != null && elapsed.test(head.cookie) && claimRunner()) {
            try {
                executor.execute(this::run);
                refusing = false;
            } catch (RuntimeException | Error refused) {
                // Whoever steps a grace period gets here, among them the driver of all domains: it must go on.
                running.set(false);
                if (!refusing) { // once a streak: it is tried again every millisecond
                    refusing = true;
                    SafeLog.error(
                            LOG,
                            "domain {}: its executor refused to run {} due releases; it is tried again",
                            domain,
                            pending(),
                            refused);
                }
                return true;
            }
        }
        return false;
    }

    private boolean claimRunner() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.runner-due");
        }
        if (TWO_RUNNERS && !running.get()) {
            if (Steps.ENABLED) {
                Steps.reach("rcu.runner-torn");
            }
            running.set(true);
            return true;
        }
        return running.compareAndSet(false, true);
    }

    @GlobalState
    private void run() {
        boolean nested = RUNNER.get();
        RUNNER.set(true);
        try {
            for (Entry head = entries.peek(); head != null && elapsed.test(head.cookie); head = entries.peek()) {
                if (Steps.ENABLED) {
                    Steps.reach("rcu.runner-takes");
                }
                entries.remove();
                releaseCounted(head);
            }
        } finally {
            RUNNER.set(nested);
            if (Steps.ENABLED) {
                Steps.reach("rcu.runner-drained");
            }
            running.set(THROW_KILLS && failed > 0);
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.runner-released");
        }
        // An entry may have become due between the last peek and the reset: whoever saw "running" then left it to us.
        if (!LOST_KICK) {
            kick();
        }
    }

    @GlobalState
    @SuppressWarnings("NonAtomicVolatileUpdate") // one runner at a time, handed over through "running"
    private void releaseCounted(Entry entry) {
        taken++;
        releasingSince = System.nanoTime() | 1;
        try {
            if (TWICE) {
                release(entry);
            }
            release(entry);
        } finally {
            if (Steps.ENABLED) {
                Steps.reach("rcu.release-done");
            }
            releasingSince = 0;
            done++;
        }
    }

    @GlobalState
    @SuppressWarnings({"CatchAndPrintStackTrace", "NonAtomicVolatileUpdate"})
    private void release(Entry entry) {
        try {
            entry.retirable.release();
        } catch (Throwable failure) {
            // A failing release must touch no other: whatever it throws ends here.
            failed++;
            SafeLog.error(LOG, "domain {}: a deferred release failed", domain, failure);
            if (THROW_KILLS) {
                throw new IllegalStateException(failure);
            }
        } finally {
            Thread.interrupted(); // a flag that is left set would close the next one's channels under its hands
        }
    }
}
