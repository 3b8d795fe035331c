// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * The age oracle of guarantees B and C: what was replaced a grace period ago is closed, and no open section may see it
 * so. Sections begin on some threads, fork, and end on others, as requests do.
 */
@Timeout(60)
class AgeOracleTest {
    private static final int READERS = 2;
    private static final int SECTIONS = 8_000;

    /** Closed by a plain store: only the grace period orders it against the readers. */
    private static final class Version {
        boolean closed;
    }

    private record Open(long token, Version version) {}

    private final ReadDomain domain = new ReadDomain("d");
    private final Queue<Open> handedOver = new ConcurrentLinkedQueue<>();
    private final AtomicInteger readersLeft = new AtomicInteger(READERS);
    private final AtomicInteger seenClosed = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private volatile Version current = new Version();

    @RepeatedTest(2)
    void noReaderSeesAClosedVersion() throws Exception {
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            tasks.add(Waits.onReader(this::begin));
        }
        FutureTask<Integer> completer = Waits.onReader(this::complete);
        Waits.Started<Integer> bySynchronize = Waits.onThread(() -> replace(true));
        Waits.Started<Integer> byRetire = Waits.onThread(() -> replace(false));
        int sections = Waits.get(completer);
        stop.set(true);
        for (FutureTask<Integer> task : tasks) {
            sections += Waits.get(task);
        }
        assertTrue(Waits.get(bySynchronize.task()) > 0);
        assertTrue(Waits.get(byRetire.task()) > 0);
        assertTrue(domain.close(Waits.LONG));
        assertEquals(0, seenClosed.get(), "sections that saw a version closed under them");
        assertEquals(0, domain.openSections());
        assertEquals(READERS * SECTIONS, sections);
    }

    /** Begins sections; every other one is handed over to be ended elsewhere, under a fork of it. */
    private int begin() {
        int ended = 0;
        for (int i = 0; i < SECTIONS; i++) {
            long token = domain.downRead();
            Version version = current;
            look(version);
            if (i % 2 == 0) {
                handedOver.add(new Open(domain.forkRead(token), version));
            } else {
                ended++;
            }
            look(version);
            domain.upRead(token);
            if (i % 64 == 0) {
                Thread.yield();
            }
        }
        readersLeft.decrementAndGet();
        return ended;
    }

    private int complete() {
        int ended = 0;
        while (true) {
            boolean last = readersLeft.get() == 0;
            Open open = handedOver.poll();
            if (open != null) {
                look(open.version);
                domain.upRead(open.token);
                ended++;
            } else if (last) {
                return ended;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private int replace(boolean wait) {
        int replaced = 0;
        do {
            Version old;
            synchronized (this) {
                old = current;
                current = new Version();
            }
            if (wait) {
                domain.synchronize();
                old.closed = true;
            } else {
                domain.retire(() -> old.closed = true);
                Waits.until("back-pressure", () -> domain.pendingReleases() < 64);
            }
            replaced++;
        } while (!stop.get());
        return replaced;
    }

    private void look(Version version) {
        if (version.closed) {
            seenClosed.incrementAndGet();
        }
    }
}
