// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/**
 * P5: readers come and go. A thread leaves sections open when it ends, the next one adopts its slot, and others end the
 * sections; indices are taken and given back, so that slots lie in several chunks; virtual threads read as guests, and
 * block inside sections.
 */
final class P5Churn implements Profile {
    static final Kind KIND = new Kind(
            "P5",
            "threads come and go, virtual guests",
            false,
            List.of("rcu-slot-zeroed", "rcu-scan-one-chunk", "rcu-scan-no-guests", "rcu-release-early"),
            P5Churn::new);

    private static final int ALIVE = 4;
    private static final int MOST_FILLERS = 24;
    private static final long INSIDE = 300_000;

    private final ReadDomain domain = new ReadDomain("churned");
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger virtuals = new AtomicInteger();
    private final AtomicLong threads = new AtomicLong();

    @Override
    public void start(Run run) {
        AgePipe pipe = new AgePipe(run);
        Completions completions = new Completions(run, domain, pipe);
        new Updaters(run, domain, pipe).start();
        completions.producer();
        run.watch("threads", threads::get);
        run.guest("spawner", () -> {
            try {
                spawn(run, pipe, completions);
            } finally {
                completions.producerEnds();
            }
        });
        run.reader("ender", () -> completions.endAll(run.random(), INSIDE));
        run.virtual("virtual-ender", () -> completions.endAll(run.random(), INSIDE));
    }

    private void spawn(Run run, AgePipe pipe, Completions completions) {
        SplittableRandom random = run.random();
        List<ReaderIndex> fillers = new ArrayList<>();
        while (run.running()) {
            if (random.nextInt(8) == 0) {
                fillers.forEach(ReaderIndex::close);
                fillers.clear();
                for (int i = random.nextInt(MOST_FILLERS); i > 0; i--) {
                    fillers.add(ReaderIndex.acquire());
                }
            }
            if (readers.get() < ALIVE) {
                readers.incrementAndGet();
                threads.incrementAndGet();
                boolean byIndex = random.nextInt(4) == 0;
                if (byIndex) {
                    run.guest("indexed", () -> readByIndex(run, pipe, completions, readers));
                } else {
                    run.reader("reader", () -> read(run, pipe, completions, readers));
                }
            }
            if (virtuals.get() < ALIVE) {
                virtuals.incrementAndGet();
                threads.incrementAndGet();
                run.virtual("virtual", () -> read(run, pipe, completions, virtuals));
            }
            LockSupport.parkNanos(50_000);
        }
        fillers.forEach(ReaderIndex::close);
        run.until("the last threads end", () -> readers.get() + virtuals.get() == 0);
        run.tally.other("threads").add(threads.get());
    }

    /** A short life: some sections, one of which is left open for others to end. */
    private void read(Run run, AgePipe pipe, Completions completions, AtomicInteger alive) {
        SplittableRandom random = run.random();
        try {
            for (int i = random.nextInt(20); i >= 0; i--) {
                long token = domain.downRead();
                AgePipe.Element element = pipe.load();
                Stalls.upTo(random, INSIDE);
                if (i == 0 && !completions.full()) {
                    completions.add(token, element);
                } else {
                    pipe.look(element);
                    domain.upRead(token);
                    run.tally.sections.increment();
                }
            }
        } finally {
            alive.decrementAndGet();
        }
    }

    private void readByIndex(Run run, AgePipe pipe, Completions completions, AtomicInteger alive) {
        SplittableRandom random = run.random();
        try (ReaderIndex index = ReaderIndex.acquire()) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                long token = domain.downRead(index.value());
                AgePipe.Element element = pipe.load();
                long child = domain.forkRead(index.value(), token);
                domain.upRead(index.value(), token);
                Stalls.upTo(random, INSIDE);
                if (i == 0 && !completions.full()) {
                    completions.add(child, element);
                } else {
                    pipe.look(element);
                    domain.upRead(index.value(), child);
                    run.tally.sections.increment();
                }
            }
        } finally {
            alive.decrementAndGet();
        }
    }

    @Override
    public void atRest(Run run) {
        Updaters.atRest(run, domain);
    }
}
