// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;

/** Threads that remove elements of a pipe, and wait for grace periods in every way that there is. */
final class Updaters {
    private final Run run;
    private final ReadDomain domain;
    private final AgePipe pipe;

    Updaters(Run run, ReadDomain domain, AgePipe pipe) {
        this.run = run;
        this.domain = domain;
        this.pipe = pipe;
        run.tally.domain(domain);
        run.always(() -> neverNegative(run, domain));
    }

    /** Ends are summed before begins, so a sum may be too large and never too small. */
    static void neverNegative(Run run, ReadDomain domain) {
        long open = domain.openSections();
        if (open < 0) {
            run.violation("counts", domain.name() + ": " + open + " sections are open");
        }
    }

    /** One that waits on its own thread, one that lets the driver do it, one that defers. */
    void start() {
        AtomicLong waits = new AtomicLong();
        AtomicLong polls = new AtomicLong();
        AtomicLong retired = new AtomicLong();
        run.watch("waits for grace periods of " + domain.name(), waits::get);
        run.watch("polled grace periods of " + domain.name(), polls::get);
        run.watch("deferred releases of " + domain.name(), retired::get);
        run.guest("waiter", () -> waitForEach(waits));
        run.guest("poller", () -> pollEach(polls));
        run.guest("retirer", () -> retireEach(retired));
    }

    private void waitForEach(AtomicLong done) {
        SplittableRandom random = run.random();
        AgePipe.Removed removed = pipe.new Removed();
        while (run.running()) {
            AgePipe.Element element = pipe.remove();
            long start = System.nanoTime();
            if (random.nextInt(4) == 0) {
                long cookie = domain.startPoll();
                while (!domain.await(cookie, System.nanoTime() + random.nextInt(2_000_000))) {
                    run.tally.other("timeouts").increment();
                }
            } else {
                domain.synchronize();
            }
            run.tally.waited(System.nanoTime() - start);
            removed.elapsed(element);
            done.incrementAndGet();
        }
    }

    /** Nothing here advances a grace period: the driver must. */
    private void pollEach(AtomicLong done) {
        SplittableRandom random = run.random();
        AgePipe.Removed removed = pipe.new Removed();
        while (run.running()) {
            AgePipe.Element element = pipe.remove();
            long cookie = domain.startPoll();
            if (random.nextInt(4) == 0) {
                boolean[] elapsed = new boolean[1];
                Thread self = Thread.currentThread();
                domain.whenElapsed(cookie).thenRun(() -> {
                    synchronized (elapsed) {
                        elapsed[0] = true;
                    }
                    LockSupport.unpark(self);
                });
                run.until("a stage of " + domain.name() + " completes", () -> {
                    synchronized (elapsed) {
                        return elapsed[0];
                    }
                });
            } else {
                run.until("grace period " + cookie + " of " + domain.name(), () -> domain.poll(cookie));
            }
            removed.elapsed(element);
            done.incrementAndGet();
        }
    }

    private void retireEach(AtomicLong done) {
        SplittableRandom random = run.random();
        while (run.running()) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                AgePipe.Element element = pipe.remove();
                domain.retire(() -> {
                    pipe.release(element);
                    done.incrementAndGet();
                });
            }
            run.until("releases of " + domain.name(), () -> domain.pendingReleases() < 64);
        }
    }

    /** What must hold of a domain when nobody reads any more. */
    static void atRest(Run run, ReadDomain domain) {
        if (domain.openSections() != 0) {
            run.violation("counts", domain.name() + ": at rest " + domain.openSections() + " sections are open");
        }
        try {
            domain.synchronize(run.options.patience());
            domain.synchronize(run.options.patience()); // both ranks are in use again
            domain.barrier(run.options.patience());
        } catch (TimeoutException e) {
            run.violation("progress", "at rest: " + e.getMessage());
            return;
        }
        if (domain.pendingReleases() != 0) {
            run.violation("released once", domain.name() + ": pending " + domain.pendingReleases());
        }
        if (!domain.close(Duration.ofSeconds(1).plus(run.options.patience()))) {
            run.violation("progress", "at rest: " + domain.name() + " does not close");
        }
    }
}
