// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderThread;

/**
 * P4: whatever user code does, and whatever dies: releases, stages and sections that throw, real memory and stack
 * exhaustion, threads that end inside a section, interrupts, an executor that refuses, releases that wait for another
 * domain, and begins that race with a close.
 */
final class P4Faults implements Profile {
    static final Kind KIND = new Kind(
            "P4",
            "faults in user code, death, interrupts, close",
            false,
            List.of(
                    "rcu-throw-kills-queue",
                    "rcu-callback-on-driver",
                    "rcu-barrier-early",
                    "rcu-release-early",
                    "rcu-retire-twice"),
            P4Faults::new);

    private final ReadDomain domain = new ReadDomain("faulty");
    private final ReadDomain other = new ReadDomain("other");
    private final ReadDomain waiting = new ReadDomain("waiting");
    private final AtomicLong refusals = new AtomicLong();
    private final ReadDomain refusing = new ReadDomain("refusing", task -> {
        if (refusals.incrementAndGet() % 4 == 0) {
            throw new RejectedExecutionException("every fourth");
        }
        Thread.ofVirtual().start(task);
    });

    @Override
    public void start(Run run) {
        AgePipe pipe = new AgePipe(run);
        Completions completions = new Completions(run, domain, pipe);
        new Updaters(run, domain, pipe).start();
        completions.producer();
        run.reader("thrower", () -> throwInSections(run, pipe, completions));
        completions.producer();
        run.guest("spawner", () -> dieInSections(run, pipe, completions));
        run.reader("ender", () -> completions.endAll(run.random(), 200_000));
        run.guest("interrupted", () -> interrupt(run, pipe));
        repeat(run, "releases that throw", () -> releaseAndThrow(run, pipe));
        repeat(run, "releases of the refusing executor", () -> refuse(run));
        repeat(run, "releases that wait for another domain", () -> waitInRelease(run));
        new CloseRace(run).start();
    }

    private static void repeat(Run run, String what, Run.Body body) {
        AtomicLong rounds = new AtomicLong();
        run.watch(what, rounds::get);
        run.guest(what, () -> {
            while (run.running()) {
                body.run();
                rounds.incrementAndGet();
                LockSupport.parkNanos(200_000);
            }
        });
    }

    private void throwInSections(Run run, AgePipe pipe, Completions completions) {
        SplittableRandom random = run.random();
        while (run.running()) {
            long token = domain.downRead();
            AgePipe.Element element = pipe.load();
            try {
                fault(random.nextInt(64));
            } catch (RuntimeException | Error e) {
                run.tally.other("faults").increment();
            } finally {
                if (random.nextInt(4) == 0 && !completions.full()) {
                    completions.add(token, element);
                } else {
                    pipe.look(element);
                    domain.upRead(token);
                    run.tally.sections.increment();
                }
            }
        }
        completions.producerEnds();
    }

    /** What user code may throw; the exhaustions are real ones. */
    private static void fault(int which) {
        switch (which) {
            case 0 -> throw new IllegalStateException("no end of the stack at " + deeper(0));
            case 1 -> throw new OutOfMemoryError(String.valueOf(new long[Integer.MAX_VALUE].length));
            case 2 -> throw new IllegalStateException("user code");
            case 3 -> throw new AssertionError("user code");
            default -> {}
        }
    }

    private static int deeper(int depth) {
        return depth < 0 ? 0 : 1 + deeper(depth + 1);
    }

    /** A reader thread ends with a section open; its slot is adopted by the next, the section ended elsewhere. */
    private void dieInSections(Run run, AgePipe pipe, Completions completions) throws InterruptedException {
        while (run.running()) {
            if (!completions.full()) {
                Thread dying = new ReaderThread("dying", false, () -> {
                    long token = domain.downRead();
                    completions.add(token, pipe.load());
                    throw new IllegalStateException("an IOThread dies");
                });
                dying.setUncaughtExceptionHandler(
                        (thread, e) -> run.tally.other("deaths").increment());
                dying.start();
                dying.join();
            }
            LockSupport.parkNanos(100_000);
        }
        completions.producerEnds();
    }

    private void interrupt(Run run, AgePipe pipe) {
        AgePipe.Removed removed = pipe.new Removed();
        while (run.running()) {
            AgePipe.Element element = pipe.remove();
            Thread.currentThread().interrupt();
            domain.synchronize();
            if (!Thread.interrupted()) {
                run.violation("interrupts", "synchronize() lost the interrupt flag");
            }
            removed.elapsed(element);
            LockSupport.parkNanos(100_000);
        }
    }

    private void releaseAndThrow(Run run, AgePipe pipe) throws Exception {
        boolean[] done = new boolean[4];
        for (int i = 0; i < done.length; i++) {
            int which = i;
            AgePipe.Element element = pipe.remove();
            domain.retire(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    run.violation("interrupts", "a release began with the flag that another one left");
                }
                pipe.release(element);
                LockSupport.parkNanos(20_000);
                done[which] = true;
                Thread.currentThread().interrupt();
                fault(which);
            });
        }
        domain.whenElapsed(domain.startPoll()).thenRun(() -> fault(3));
        domain.barrier(run.options.patience());
        for (boolean each : done) {
            if (!each) {
                run.violation("barrier", "returned before a release was over that was retired before it");
            }
        }
    }

    private void refuse(Run run) throws Exception {
        AtomicLong released = new AtomicLong();
        for (int i = 0; i < 3; i++) {
            refusing.retire(released::incrementAndGet);
        }
        refusing.barrier(run.options.patience());
        if (released.get() != 3) {
            run.violation("released once", "3 were retired and " + released.get() + " released after a barrier");
        }
    }

    /** Only the driver advances the other domain, so a release that runs on the driver never ends. */
    private void waitInRelease(Run run) {
        waiting.retire(() -> {
            long cookie = other.startPoll();
            run.until("a grace period of another domain, in a release", () -> other.poll(cookie));
        });
        run.until("a release that waits for another domain", () -> waiting.pendingReleases() == 0);
    }

    @Override
    public void atRest(Run run) {
        run.tally.domain(other);
        run.tally.domain(waiting);
        run.tally.domain(refusing);
        for (ReadDomain each : List.of(domain, other, waiting, refusing)) {
            Updaters.atRest(run, each);
        }
    }
}
