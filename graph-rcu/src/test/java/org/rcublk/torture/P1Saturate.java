// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.rcublk.rcu.ReadDomain;

/**
 * P1: every core reads, and nothing stalls. A thread begins its next section before it ends the last, so that some
 * section of each is always open: without a flip no grace period would end. More guests than stripes.
 */
final class P1Saturate implements Profile {
    static final Kind KIND = new Kind(
            "P1",
            "saturate",
            false,
            List.of(
                    "rcu-no-flip",
                    "rcu-guest-no-rmw",
                    "rcu-scan-no-guests",
                    "rcu-release-early",
                    "rcu-poll-early",
                    "rcu-cookie-rides",
                    "rcu-upread-wrong-rank",
                    "rcu-retire-twice"),
            P1Saturate::new);

    private static final int CHAIN = 256;

    private final ReadDomain domain = new ReadDomain("saturated");

    @Override
    public void start(Run run) {
        AgePipe pipe = new AgePipe(run);
        new Updaters(run, domain, pipe).start();
        for (int i = 0; i < run.options.threads(); i++) {
            run.reader("reader-" + i, () -> read(run, pipe, n -> run.running()));
        }
        AtomicLong guests = new AtomicLong();
        run.watch("guest sections", guests::get);
        for (int i = 0; i <= run.options.threads(); i++) {
            run.guest("guest-" + i, () -> {
                while (run.running()) {
                    long token = domain.downRead();
                    AgePipe.Element element = pipe.load();
                    read(run, pipe, n -> n < CHAIN);
                    pipe.look(element);
                    domain.upRead(token);
                    guests.incrementAndGet();
                    LockSupport.parkNanos(20_000);
                }
            });
        }
    }

    /** Overlapping sections, without a gap as long as the condition holds. */
    private void read(Run run, AgePipe pipe, IntPredicate more) {
        long token = domain.downRead();
        AgePipe.Element element = pipe.load();
        int sections = 1;
        for (; more.test(sections); sections++) {
            long next = domain.downRead();
            AgePipe.Element loaded = pipe.load();
            pipe.look(element);
            domain.upRead(token);
            token = next;
            element = loaded;
        }
        pipe.look(element);
        domain.upRead(token);
        run.tally.sections.add(sections);
    }

    @Override
    public void atRest(Run run) {
        Updaters.atRest(run, domain);
    }
}
