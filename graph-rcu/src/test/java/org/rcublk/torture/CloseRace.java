// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.rcu.ReadDomain;

/**
 * Begins that race with a close: each is refused or counted, and when they are over, the counts are even and nothing
 * hangs.
 */
final class CloseRace {
    private static final int RELEASES = 3;

    private final Run run;
    private final AtomicLong closes = new AtomicLong();
    private final AtomicLong submitting = new AtomicLong();
    private volatile ReadDomain closing = new ReadDomain("closing");

    CloseRace(Run run) {
        this.run = run;
    }

    void start() {
        run.watch("closes", closes::get);
        for (int i = 0; i < 2; i++) {
            submitting.incrementAndGet();
            run.reader("submitter-" + i, this::submit);
        }
        run.guest("closer", this::close);
    }

    private void submit() {
        while (run.running()) {
            ReadDomain domain = closing;
            try {
                long token = domain.downRead();
                long child = domain.forkRead(token);
                domain.upRead(token);
                domain.upRead(child);
                run.tally.sections.add(2);
            } catch (IllegalStateException e) {
                run.tally.other("refused after close").increment();
                if (!domain.isClosed()) {
                    run.violation("close", "refused before the close: " + e.getMessage());
                }
                LockSupport.parkNanos(10_000);
            }
        }
    }

    private void close() throws Exception {
        while (run.running()) {
            ReadDomain domain = closing;
            AtomicLong released = new AtomicLong();
            for (int i = 0; i < RELEASES; i++) {
                domain.retire(released::incrementAndGet);
            }
            if (!domain.close(run.options.patience())) {
                run.violation("progress", "a close did not end: " + domain.openSections() + " sections open");
            }
            if (released.get() != RELEASES) {
                run.violation("close", "returned true after " + released.get() + " of " + RELEASES + " releases");
            }
            closing = new ReadDomain("closing");
            run.until("sections that raced with the close end", () -> domain.openSections() == 0);
            domain.synchronize(run.options.patience());
            run.tally.gone(domain);
            closes.incrementAndGet();
            LockSupport.parkNanos(500_000);
        }
    }
}
