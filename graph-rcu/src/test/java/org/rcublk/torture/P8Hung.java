// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.rcu.GracePeriodStall;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.SectionHolder;

/**
 * P8: something hangs on purpose. A section that does not end is reported, again and again, with the thread and the
 * place that hold it; a release that does not end holds up its own domain's releases only. All the while another domain,
 * and another disk of the graph, go on.
 */
final class P8Hung implements Profile {
    static final Kind KIND = new Kind(
            "P8",
            "deliberate stalls",
            false,
            List.of("rcu-stall-silent", "rcu-driver-blocks", "rcu-shared-callbacks"),
            P8Hung::new);

    private static final Duration THRESHOLD = Duration.ofMillis(10);
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final int REPORTS = 3;

    private final ReadDomain healthy = new ReadDomain("healthy");
    private final AtomicLong rounds = new AtomicLong();
    private final HungDisk disk = new HungDisk();

    @Override
    public void start(Run run) {
        AgePipe pipe = new AgePipe(run);
        Completions completions = new Completions(run, healthy, pipe);
        new Updaters(run, healthy, pipe).start();
        completions.producer();
        run.reader("reader", () -> {
            while (run.running()) {
                long token = healthy.downRead();
                completions.add(token, pipe.load());
                completions.endOne();
            }
            completions.producerEnds();
        });
        run.watch("rounds", rounds::get);
        run.guest("hanger", () -> {
            while (run.running()) {
                hungSection(run);
                hungRelease(run);
                disk.round(run);
                rounds.incrementAndGet();
                run.tally.other("rounds").increment();
            }
        });
    }

    private void hungSection(Run run) throws Exception {
        ReadDomain hung = new ReadDomain("hung");
        String place = "node 'slow' of round " + rounds.get();
        List<GracePeriodStall> stalls = new CopyOnWriteArrayList<>();
        hung.stallThreshold(THRESHOLD);
        hung.onStall(stalls::add);
        hung.sectionHolders(() -> List.of(new SectionHolder("io-culprit", place, "read", 1, List.of())));
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Thread culprit = run.reader("lexical-culprit", () -> {
            var section = hung.read();
            try (section) {
                inside.countDown();
                end.await();
            }
        });
        inside.await();
        long cookie = hung.startPoll();
        try {
            hung.synchronize(SHORT);
            run.violation("grace period", "synchronize returned while a section was open");
        } catch (TimeoutException expected) {
            run.tally.other("timeouts").increment();
        }
        othersGoOn(run);
        if (hung.close(SHORT)) {
            run.violation("close", "returned true while a section was open");
        }
        run.until(
                "a stall is reported " + REPORTS + " times with its culprit",
                () -> stalls.stream()
                                .filter(stall -> names(stall, "io-culprit"))
                                .count()
                        >= REPORTS);
        check(run, stalls, cookie, place, culprit.getName());
        end.countDown();
        run.until("the stalled grace period ends", () -> hung.poll(cookie));
        run.tally.gone(hung);
        run.tally.other("reports").add(stalls.size());
    }

    private static boolean names(GracePeriodStall stall, String thread) {
        return stall.holders().stream().anyMatch(h -> h.thread().equals(thread));
    }

    /** A machine that is slow may leave out a holder who was asked in vain; none may be wrong. */
    private static void check(Run run, List<GracePeriodStall> stalls, long cookie, String place, String lexical) {
        int last = 0;
        for (GracePeriodStall stall : List.copyOf(stalls)) {
            int number = stall.report();
            boolean noOther = stall.holders().stream()
                    .allMatch(h -> h.thread().equals(lexical)
                            || (h.thread().equals("io-culprit") && h.place().equals(place)));
            if (!noOther || !names(stall, lexical) || stall.cookie() != cookie || number <= last) {
                run.violation(
                        "right culprit",
                        "report " + number + ": " + stall.describe() + ", cookie " + stall.cookie() + " for " + cookie);
            }
            last = number; // a listener that is slow is left out of a report, so numbers may be missing
            if (stall.openSections() != 1 || stall.ageNanos() < THRESHOLD.toNanos()) {
                run.violation("right report", stall.describe());
            }
        }
    }

    private void hungRelease(Run run) throws Exception {
        ReadDomain hung = new ReadDomain("hung release");
        CountDownLatch end = new CountDownLatch(1);
        AtomicLong after = new AtomicLong();
        hung.retire(end::await);
        hung.retire(after::incrementAndGet);
        run.until("a release hangs", () -> hung.poll(hung.startPoll()) || hung.pendingReleases() == 2);
        try {
            hung.barrier(SHORT);
            run.violation("barrier", "returned while a release hung");
        } catch (TimeoutException expected) {
            run.tally.other("timeouts").increment();
        }
        if (hung.close(SHORT)) {
            run.violation("close", "returned true while a release hung");
        }
        hung.synchronize(run.options.patience());
        othersGoOn(run);
        var stage = hung.whenElapsed(hung.startPoll()).toCompletableFuture();
        run.until("a stage of the domain whose release hangs", stage::isDone);
        end.countDown();
        hung.barrier(run.options.patience());
        if (after.get() != 1) {
            run.violation("released once", "the release behind the one that hung ran " + after.get() + " times");
        }
        run.tally.gone(hung);
    }

    /** Every way to wait in another domain comes to its end, those that only the driver advances too. */
    private void othersGoOn(Run run) throws Exception {
        ReadDomain other = new ReadDomain("other");
        AtomicLong released = new AtomicLong();
        other.retire(released::incrementAndGet);
        run.until("a release of another domain", () -> released.get() == 1);
        long cookie = other.startPoll();
        run.until("a polled grace period of another domain", () -> other.poll(cookie));
        var stage = other.whenElapsed(other.startPoll()).toCompletableFuture();
        run.until("a stage of another domain", stage::isDone);
        other.retire(released::incrementAndGet);
        other.synchronize(run.options.patience());
        other.barrier(run.options.patience());
        if (released.get() != 2 || !other.close(run.options.patience())) {
            run.violation("progress", "another domain released " + released.get() + " of 2, or does not close");
        }
        run.tally.gone(other);
    }

    @Override
    public void atRest(Run run) {
        Updaters.atRest(run, healthy);
        disk.atRest(run);
    }
}
