// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the grace periods of one domain that are older than a threshold, once for each threshold that passes.
 *
 * <p>It has no thread and no timer: whoever steps a grace period and finds that readers hold it looks at the clock. A
 * grace period that somebody asked for is always stepped by a waiter or by the process's driver, at least once a
 * millisecond. So it costs nothing while nothing waits for readers. The report itself is made on a platform thread of its
 * own: the readers that stall may be the virtual threads that hold every carrier.
 *
 * <p>Sources and listeners are not ours. One that throws, returns nothing or hangs keeps no report from the log, from
 * Flight Recorder and from the others, and is not called again before it has returned.
 */
@AnyThread
final class StallDetector {
    private static final Logger LOG = LoggerFactory.getLogger(StallDetector.class);
    private static final boolean SILENT = Mutants.on("rcu-stall-silent");
    private static final String THRESHOLD_PROPERTY = "rcublk.rcu.stall.millis";
    private static final long LONGEST_THRESHOLD_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final long DEFAULT_MILLIS = defaultMillis(System.getProperty(THRESHOLD_PROPERTY, "5000"));
    private static final long PATIENCE_WITH_SOURCES = TimeUnit.SECONDS.toNanos(1);

    /** Something of the user's that is called at most once at a time. */
    private record Foreign<T>(T callee, AtomicBoolean busy) {}

    private final String domain;
    private final SlotTable slots;
    private final Supplier<List<SectionHolder>> ownSource;
    private final List<Foreign<Supplier<List<SectionHolder>>>> sources = new CopyOnWriteArrayList<>();
    private final List<Foreign<StallListener>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private final AtomicLong reports = new AtomicLong();
    private volatile long thresholdNanos = TimeUnit.MILLISECONDS.toNanos(DEFAULT_MILLIS);

    // Owned by whoever holds the stepper of the grace periods.
    private long stalledCookie;
    private long reportedAge;
    private int reportsOfThis;

    StallDetector(String domain, SlotTable slots, Supplier<List<SectionHolder>> ownSource) {
        this.domain = domain;
        this.slots = slots;
        this.ownSource = ownSource;
        if (DEFAULT_MILLIS < 0) {
            throw new IllegalArgumentException("-D" + THRESHOLD_PROPERTY + "=" + System.getProperty(THRESHOLD_PROPERTY)
                    + ": not a time; give milliseconds from 1 to " + LONGEST_THRESHOLD_MILLIS);
        }
    }

    /** What the property says, or -1: a class that cannot be initialised would hide the reason. */
    static long defaultMillis(String property) {
        try {
            long millis = Long.parseLong(property.strip());
            return millis >= 1 && millis <= LONGEST_THRESHOLD_MILLIS ? millis : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    void threshold(Duration threshold) {
        if (threshold.isNegative() || threshold.isZero()) {
            throw new IllegalArgumentException("a stall threshold of " + threshold + ": give a positive duration");
        }
        thresholdNanos = TimeUnit.NANOSECONDS.convert(threshold);
    }

    void addSource(Supplier<List<SectionHolder>> source) {
        sources.add(new Foreign<>(source, new AtomicBoolean()));
    }

    void addListener(StallListener listener) {
        listeners.add(new Foreign<>(listener, new AtomicBoolean()));
    }

    long reports() {
        return reports.get();
    }

    /**
     * Readers hold a grace period that started at a {@link System#nanoTime}. Called under the stepper.
     *
     * @param elapsed whether a grace period has ended meanwhile
     */
    void held(long cookie, long startedNanos, LongPredicate elapsed) {
        long age = System.nanoTime() - startedNanos;
        long threshold = thresholdNanos;
        if (age < threshold || SILENT) {
            return;
        }
        if (cookie != stalledCookie) {
            stalledCookie = cookie;
            reportedAge = 0;
            reportsOfThis = 0;
        }
        if (age - reportedAge >= threshold && reporting.compareAndSet(false, true)) {
            reportedAge = age - age % threshold;
            int number = ++reportsOfThis;
            try {
                start("rcublk-stall-" + domain, () -> report(cookie, number, age, elapsed));
            } catch (RuntimeException | Error e) {
                reporting.set(false); // the next threshold tries again
                SafeLog.error(LOG, "domain {}: a stall could not be reported", domain, e);
            }
        }
    }

    private static void start(String name, Runnable body) {
        Thread.ofPlatform().daemon().name(name).start(body);
    }

    @GlobalState
    private void report(long cookie, int number, long age, LongPredicate elapsed) {
        GracePeriodStall stall = null;
        try {
            List<SectionHolder> holders = holders();
            if (!elapsed.test(cookie)) { // it may have ended while holders were looked for: no stall any more
                stall = new GracePeriodStall(domain, cookie, number, age, slots.open(), holders);
                reports.incrementAndGet();
                LOG.warn("{}", stall.describe());
                if (slots.endedTwice()) {
                    LOG.error(
                            "domain {}: more read sections ended than began, so a token was ended twice;"
                                    + " grace periods cannot be trusted any more; -D{}=all finds where",
                            domain,
                            DebugMode.PROPERTY);
                }
                RcuEvents.stalled(stall);
            }
        } catch (RuntimeException | Error e) {
            SafeLog.error(LOG, "domain {}: a stall could not be reported in full", domain, e);
        } finally {
            reporting.set(false);
        }
        if (stall != null) {
            for (Foreign<StallListener> listener : listeners) {
                tell(listener, stall);
            }
        }
    }

    /** On a thread of its own, unless it has not come back from the last report. */
    @GlobalState
    private void tell(Foreign<StallListener> listener, GracePeriodStall stall) {
        if (!listener.busy.compareAndSet(false, true)) {
            return;
        }
        try {
            start("rcublk-stall-listener-" + domain, () -> {
                try {
                    listener.callee.stalled(stall);
                } catch (RuntimeException | Error e) {
                    SafeLog.error(LOG, "domain {}: a stall listener failed", domain, e);
                } finally {
                    listener.busy.set(false);
                }
            });
        } catch (RuntimeException | Error e) { // no thread to be had: it is told of the next
            listener.busy.set(false);
            SafeLog.error(LOG, "domain {}: a stall listener could not be told", domain, e);
        }
    }

    /** Who is known to hold sections open, oldest first. Waits up to a second for sources that do not answer. */
    @GlobalState
    List<SectionHolder> holders() {
        long end = System.nanoTime() + PATIENCE_WITH_SOURCES;
        List<CompletableFuture<List<SectionHolder>>> asked = new ArrayList<>();
        for (Foreign<Supplier<List<SectionHolder>>> source : sources) {
            if (source.busy.compareAndSet(false, true)) {
                asked.add(ask(source));
            }
        }
        List<SectionHolder> known = new ArrayList<>(ownHolders());
        for (CompletableFuture<List<SectionHolder>> answer : asked) {
            known.addAll(answerOf(answer, end));
        }
        known.sort(Comparator.comparingLong(SectionHolder::ageNanos).reversed());
        return known;
    }

    /** What this package itself knows, at once. */
    List<SectionHolder> ownHolders() {
        try {
            return ownSource.get();
        } catch (RuntimeException | Error e) {
            SafeLog.error(LOG, "domain {}: the holders of sections could not be listed", domain, e);
            return List.of();
        }
    }

    private CompletableFuture<List<SectionHolder>> ask(Foreign<Supplier<List<SectionHolder>>> source) {
        CompletableFuture<List<SectionHolder>> answer = new CompletableFuture<>();
        try {
            start("rcublk-holders-" + domain, () -> {
                try {
                    answer.complete(List.copyOf(source.callee.get()));
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                } finally {
                    source.busy.set(false);
                }
            });
        } catch (RuntimeException | Error e) { // no thread to be had: it is asked for the next report
            source.busy.set(false);
            answer.completeExceptionally(e);
        }
        return answer;
    }

    @GlobalState
    private List<SectionHolder> answerOf(CompletableFuture<List<SectionHolder>> answer, long end) {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            SafeLog.error(LOG, "domain {}: a source of section holders did not answer: {}", domain, e.toString());
            return List.of();
        }
    }
}
