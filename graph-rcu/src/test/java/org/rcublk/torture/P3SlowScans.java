// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;

/**
 * P3: a scan is held between two slots. Meanwhile requests roll over the slots: each forks a child on one thread and is
 * ended on another, for many steps, so that a request stays open in one rank and its counts move behind the scan's back.
 * Sums of ends after begins, and net counts, find such a domain quiet.
 */
final class P3SlowScans implements Profile {
    static final Kind KIND = new Kind(
            "P3",
            "stalls between the slots of a scan",
            true,
            List.of(
                    "rcu-locks-first",
                    "rcu-net-counter",
                    "rcu-fork-fresh-rank",
                    "rcu-fork-uncounted",
                    "rcu-release-early",
                    "rcu-cookie-rides"),
            P3SlowScans::new);

    private static final int ROLLING = 3;
    private static final int MOST_STEPS = 200;

    private record Request(long token, AgePipe.Element element, int steps) {}

    /** For each thread what it is to go on with, and what it is only to end. */
    private record Inbox(ConcurrentLinkedQueue<Request> goOn, ConcurrentLinkedQueue<Request> end) {}

    private final ReadDomain domain = new ReadDomain("rolling");
    private final AtomicInteger open = new AtomicInteger();
    private Inbox[] inboxes = {};

    @Override
    public void start(Run run) {
        Stalls.Rule slow = new Stalls.Rule(12, 200_000);
        new Stalls(run, Map.of("rcu.unlock-read", slow, "rcu.lock-read", slow)).install();
        AgePipe pipe = new AgePipe(run);
        new Updaters(run, domain, pipe).start();
        inboxes = new Inbox[run.options.threads()];
        for (int i = 0; i < inboxes.length; i++) {
            inboxes[i] = new Inbox(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        }
        for (int i = 0; i < inboxes.length; i++) {
            Inbox mine = inboxes[i];
            run.reader("roller-" + i, () -> roll(run, pipe, mine));
        }
        run.watch("sections", run.tally.sections::sum);
    }

    private void roll(Run run, AgePipe pipe, Inbox mine) {
        SplittableRandom random = run.random();
        while (run.running() || open.get() > 0) {
            boolean worked = false;
            for (Request request = mine.end.poll(); request != null; request = mine.end.poll()) {
                end(run, pipe, request);
                worked = true;
            }
            Request request = mine.goOn.poll();
            if (request != null) {
                step(run, pipe, request, random);
                worked = true;
            } else if (run.running() && open.get() < ROLLING) {
                open.incrementAndGet();
                long token = domain.downRead();
                mine.goOn.add(new Request(token, pipe.load(), random.nextInt(MOST_STEPS)));
                worked = true;
            }
            if (!worked) {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    /** The child is counted here; the parent ends on any thread, and the child goes on on any. */
    private void step(Run run, AgePipe pipe, Request request, SplittableRandom random) {
        pipe.look(request.element);
        if (request.steps == 0) {
            end(run, pipe, request);
            return;
        }
        open.incrementAndGet();
        long child = domain.forkRead(request.token);
        inboxes[random.nextInt(inboxes.length)].end.add(request);
        inboxes[random.nextInt(inboxes.length)].goOn.add(new Request(child, request.element, request.steps - 1));
    }

    private void end(Run run, AgePipe pipe, Request request) {
        pipe.look(request.element);
        domain.upRead(request.token);
        open.decrementAndGet();
        run.tally.sections.increment();
    }

    @Override
    public void atRest(Run run) {
        Updaters.atRest(run, domain);
    }
}
