// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.rcublk.rcu.ReaderThread;

/**
 * One run of one profile: its threads, its clock, its violations, and the watchdog, which ends a run in which something
 * that must go on does not. A run goes on for its time, and beyond it until each watched count has moved once.
 */
final class Run {
    private static final int FEWEST_LOOKS = 1_000;
    private static final int KEPT = 8;

    /** What a thread of a run does. */
    interface Body {
        void run() throws Exception;
    }

    final Options options;
    final Tally tally = new Tally();
    private final String name;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Watchdog watchdog = new Watchdog(this);
    private final List<Violation> violations = new CopyOnWriteArrayList<>();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final long began = System.nanoTime();
    private volatile boolean stopped;

    Run(String name, Options options) {
        this.name = name;
        this.options = options;
    }

    /** Runs a profile to its end; true if every oracle is content. */
    boolean execute(Profile profile) {
        try {
            profile.start(this);
            watchdog.watchUntil(began + (long) (options.seconds() * 1e9));
            stopped = true;
            Stalls.remove();
            if (joined() && violations.isEmpty()) {
                profile.atRest(this);
            }
        } catch (Violation.Abort reported) {
            // it stands in the list
        } catch (Exception | Error e) {
            failed("control", e);
        } finally {
            stopped = true;
            Stalls.remove();
        }
        return violations.isEmpty();
    }

    /** Whether threads of the run are to go on. */
    boolean running() {
        return !stopped;
    }

    /** A stream of random numbers of its own, for one thread. */
    SplittableRandom random() {
        return new SplittableRandom(options.seed() * 1_000_003 + streams.incrementAndGet());
    }

    void stop() {
        stopped = true;
    }

    List<Thread> threads() {
        return threads;
    }

    void violation(String oracle, String evidence) {
        hits.incrementAndGet();
        if (violations.size() < KEPT) {
            violations.add(new Violation(oracle, evidence, System.nanoTime() - began));
        }
        if (!options.goOn()) {
            stopped = true;
        }
    }

    void failed(String who, Throwable e) {
        if (e instanceof Violation.Abort) {
            return;
        }
        StringBuilder text = new StringBuilder(who).append(" failed: ").append(e);
        StackTraceElement[] stack = e.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, 8); i++) {
            text.append("\n      at ").append(stack[i]);
        }
        violation("no surprise", text.toString());
    }

    /** This count must move at least once in {@code patience}, as long as the run goes on. */
    void watch(String what, LongSupplier count) {
        watchdog.watch(what, count);
    }

    /** A look at what must hold at any time; it reports by itself. */
    void always(Runnable invariant) {
        watchdog.always(invariant);
    }

    /** Waits for something that must come. */
    void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        for (int looks = 0; !condition.getAsBoolean(); looks++) {
            if (looks > FEWEST_LOOKS
                    && System.nanoTime() - start > options.patience().toNanos()) {
                violation("progress", "not within " + options.patience() + ": " + what + Watchdog.dump(threads));
                throw new Violation.Abort(what);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    /** A reader thread that may block. */
    Thread reader(String who, Body body) {
        return start(new ReaderThread(who, true, guarded(who, body)));
    }

    /** A reader thread that may not. */
    Thread ioThread(String who, Body body) {
        return start(new ReaderThread(who, false, guarded(who, body)));
    }

    /** A platform thread without a reader index. */
    Thread guest(String who, Body body) {
        return start(new Thread(guarded(who, body), who));
    }

    Thread virtual(String who, Body body) {
        Thread thread = Thread.ofVirtual().name(who).unstarted(guarded(who, body));
        threads.add(thread);
        thread.start();
        return thread;
    }

    private Thread start(Thread thread) {
        thread.setDaemon(true);
        threads.removeIf(t -> t.getState() == Thread.State.TERMINATED);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private Runnable guarded(String who, Body body) {
        return () -> {
            try {
                body.run();
            } catch (Exception | Error e) {
                failed(who, e);
            }
        };
    }

    private boolean joined() {
        long end = System.nanoTime() + options.patience().toNanos();
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    violation("progress", "did not end: " + thread.getName() + Watchdog.dump(threads));
                    return false;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return true;
    }

    String describe() {
        StringBuilder text = new StringBuilder(String.format(
                "%s seed %d, %.1f s: %s", name, options.seed(), (System.nanoTime() - began) / 1e9, tally.describe()));
        if (!violations.isEmpty()) {
            text.append("\nVIOLATED ").append(hits.get()).append(" times");
        }
        for (Violation v : violations) {
            text.append(
                    String.format("%n  after %.2f s, oracle '%s': %s", v.atNanos() / 1e9, v.oracle(), v.evidence()));
        }
        return text.toString();
    }
}
