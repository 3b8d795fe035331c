// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/**
 * P2: a reader is held up to 20 ms between its load of the rank and its count, and up to 4 ms inside; sections fork, and
 * end on other threads. A grace period that looks at one rank only misses who was held up over a flip. Most readers
 * have their slots beyond the first chunk.
 */
final class P2Stalls implements Profile {
    static final Kind KIND = new Kind(
            "P2",
            "stalls before the count and inside sections",
            true,
            List.of(
                    "rcu-one-scan",
                    "rcu-fork-fresh-rank",
                    "rcu-fork-uncounted",
                    "rcu-cookie-rides",
                    "rcu-scan-one-chunk",
                    "rcu-release-early",
                    "rcu-poll-early",
                    "rcu-upread-wrong-rank"),
            P2Stalls::new);

    private static final int INDICES_OF_FIRST_CHUNK = 15;
    private static final long IN_SECTION = 4_000_000;
    private static final long BEFORE_COUNT = 20_000_000;

    private final ReadDomain domain = new ReadDomain("stalled");

    @Override
    public void start(Run run) {
        new Stalls(
                        run,
                        Map.of(
                                "rcu.rank-loaded",
                                new Stalls.Rule(8, BEFORE_COUNT),
                                "rcu.up",
                                new Stalls.Rule(32, 100_000)))
                .install();
        ReaderIndex[] fillers = new ReaderIndex[INDICES_OF_FIRST_CHUNK];
        for (int i = 0; i < fillers.length; i++) {
            fillers[i] = ReaderIndex.acquire();
        }
        AgePipe pipe = new AgePipe(run);
        Completions completions = new Completions(run, domain, pipe);
        new Updaters(run, domain, pipe).start();
        for (int i = 0; i <= run.options.threads(); i++) {
            completions.producer();
            run.reader("reader-" + i, () -> submit(run, pipe, completions));
        }
        run.watch("sections", run.tally.sections::sum);
        run.reader("ender", () -> completions.endAll(run.random(), IN_SECTION));
        run.guest("guest-ender", () -> {
            completions.endAll(run.random(), IN_SECTION);
            for (ReaderIndex filler : fillers) {
                filler.close();
            }
        });
    }

    private void submit(Run run, AgePipe pipe, Completions completions) {
        SplittableRandom random = run.random();
        while (run.running()) {
            long token = domain.downRead();
            AgePipe.Element element = pipe.load();
            if (random.nextInt(4) == 0) {
                Stalls.upTo(random, IN_SECTION);
            }
            if (random.nextInt(2) == 0 && !completions.full()) {
                completions.add(domain.forkRead(token), element);
            }
            pipe.look(element);
            if (random.nextInt(2) == 0 && !completions.full()) {
                completions.add(token, element);
            } else {
                domain.upRead(token);
                run.tally.sections.increment();
            }
        }
        completions.producerEnds();
    }

    @Override
    public void atRest(Run run) {
        Updaters.atRest(run, domain);
    }
}
