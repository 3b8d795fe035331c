// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;

/** Sections on their way from the thread that began them to those that end them, as requests have it. */
final class Completions {
    private static final int MOST = 64;

    private record Open(long token, AgePipe.Element element) {}

    private final Run run;
    private final ReadDomain domain;
    private final AgePipe pipe;
    private final ConcurrentLinkedQueue<Open> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger producers = new AtomicInteger();

    Completions(Run run, ReadDomain domain, AgePipe pipe) {
        this.run = run;
        this.domain = domain;
        this.pipe = pipe;
    }

    /** A producer registers before consumers start, and says when it hands over no more. */
    void producer() {
        producers.incrementAndGet();
    }

    void producerEnds() {
        producers.decrementAndGet();
    }

    boolean full() {
        return size.get() >= MOST;
    }

    void add(long token, AgePipe.Element element) {
        size.incrementAndGet();
        queue.add(new Open(token, element));
    }

    /** Ends one section on the calling thread; false if there is none. */
    boolean endOne() {
        Open open = queue.poll();
        if (open == null) {
            return false;
        }
        size.decrementAndGet();
        pipe.look(open.element);
        domain.upRead(open.token);
        run.tally.sections.increment();
        return true;
    }

    /** Ends what is handed over until no producer is left. */
    void endAll(SplittableRandom random, long longestNanos) {
        while (true) {
            boolean last = producers.get() == 0;
            if (!queue.isEmpty()) {
                if (longestNanos > 0 && random.nextInt(16) == 0) {
                    Stalls.upTo(random, longestNanos);
                }
                endOne();
            } else if (last) {
                return;
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
    }
}
