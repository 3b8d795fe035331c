// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.Retirable;

/**
 * P7: a flood of retirements, each of which holds memory, while readers read. What is pending stays within the limit and
 * one for each thread that retires; releases of one thread run in order; a barrier returns after what came before it.
 * Beside it, lone retirements and polls on domains that nobody else touches: a lost wake-up leaves them waiting.
 */
final class P7Flood implements Profile {
    static final Kind KIND = new Kind(
            "P7",
            "a flood of retirements, lone wake-ups",
            true,
            List.of(
                    "rcu-flood-unbounded",
                    "rcu-barrier-early",
                    "rcu-lost-kick",
                    "rcu-driver-lost-domain",
                    "rcu-retire-twice"),
            P7Flood::new);

    private static final int LIMIT = 64;
    private static final int RETIRING = 3;
    private static final int BYTES = 64 * 1024;

    private final ReadDomain domain =
            new ReadDomain("flooded", task -> Thread.ofVirtual().start(task), LIMIT);
    private final ReadDomain lone = new ReadDomain("lone");
    private final ReadDomain polled = new ReadDomain("polled");
    private final LongAdder retired = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final AtomicLong mostPending = new AtomicLong();

    @Override
    public void start(Run run) {
        Stalls.Rule some = new Stalls.Rule(4, 200_000);
        new Stalls(run, Map.of("rcu.runner-drained", some, "rcu.driver-idle", some)).install();
        run.tally.domain(domain);
        run.tally.domain(lone);
        run.tally.domain(polled);
        for (int i = 0; i < RETIRING - 1; i++) {
            run.guest("retirer-" + i, () -> retire(run));
        }
        run.ioThread("io-retirer", () -> tryRetire(run));
        run.reader("reader", () -> read(run));
        run.guest("barrier", () -> barrier(run));
        run.guest("lone", () -> loneRetirements(run));
        run.guest("polled", () -> lonePolls(run));
        run.watch("releases", run.tally.releases::sum);
    }

    private void read(Run run) {
        SplittableRandom random = run.random();
        while (run.running()) {
            long token = domain.downRead();
            Stalls.upTo(random, 300_000);
            domain.upRead(token);
            run.tally.sections.increment();
        }
    }

    private void retire(Run run) {
        Order order = new Order();
        while (run.running()) {
            domain.retire(order.next(run));
            retired.increment();
            look(run);
        }
    }

    /** As an IOThread must: it keeps what is not taken over, and tries again. */
    private void tryRetire(Run run) {
        Order order = new Order();
        while (run.running()) {
            Retirable next = order.next(run);
            while (!domain.tryRetire(next) && run.running()) {
                run.tally.other("refused at the limit").increment();
                LockSupport.parkNanos(20_000);
            }
            retired.increment();
            look(run);
        }
    }

    private void look(Run run) {
        // The domain's own count may be too large while others work; this one may only be too small.
        long pending = retired.sum();
        pending -= released.sum();
        mostPending.accumulateAndGet(pending, Math::max);
        if (pending > LIMIT + RETIRING + 1) {
            run.violation("bound", pending + " releases are pending, the limit is " + LIMIT);
            LockSupport.parkNanos(1_000_000); // the memory is to last until the run has seen it
        }
    }

    /** What one thread retires is released in its order, once each. */
    private final class Order {
        private long last;
        private long seen; // written by releases, of which one runs at a time

        Retirable next(Run run) {
            long number = ++last;
            byte[] memory = new byte[BYTES];
            return () -> {
                memory[0]++;
                released.increment();
                run.tally.releases.increment();
                if (++seen != number) {
                    run.violation("order", "release " + number + " of a thread came as its number " + seen);
                    seen = number;
                }
            };
        }
    }

    private void barrier(Run run) throws Exception {
        while (run.running()) {
            boolean[] done = new boolean[1];
            domain.retire(() -> {
                LockSupport.parkNanos(20_000);
                done[0] = true;
            });
            domain.barrier(run.options.patience());
            if (!done[0]) {
                run.violation("barrier", "returned before a release was over that was retired before it");
            }
            run.tally.other("barriers").increment();
            LockSupport.parkNanos(100_000);
        }
    }

    /** Nothing here advances the domain or looks at it but by counts: each release must be found due by itself. */
    private void loneRetirements(Run run) {
        SplittableRandom random = run.random();
        AtomicLong released = new AtomicLong();
        for (long retired = 0; run.running(); ) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                retired++;
                lone.retire(released::incrementAndGet);
                Stalls.upTo(random, 100_000);
            }
            long all = retired;
            run.until("lone release " + all, () -> released.get() >= all);
            if (released.get() != all) {
                run.violation("released once", released.get() + " releases of " + all);
            }
        }
    }

    private void lonePolls(Run run) {
        while (run.running()) {
            long cookie = polled.startPoll();
            for (int i = 0; i < 10_000 && !polled.poll(cookie); i++) {
                Thread.onSpinWait();
            }
            run.until("grace period " + cookie + " of the polled domain", () -> polled.poll(cookie));
            run.tally.other("polls").increment();
        }
    }

    @Override
    public void atRest(Run run) {
        run.tally.other("most pending").add(mostPending.get());
        for (ReadDomain each : List.of(domain, lone, polled)) {
            Updaters.atRest(run, each);
        }
    }
}
