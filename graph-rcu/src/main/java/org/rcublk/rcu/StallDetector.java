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
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the grace periods of one domain that are older than a threshold, once for each threshold that passes.
 *
 * <p>It has no thread and no timer: whoever steps a grace period and finds that readers hold it looks at the clock. A
 * grace period that somebody asked for is always stepped by a waiter or by the process's driver, at least once a
 * millisecond. So it costs nothing while nothing waits for readers. The report itself is made on a virtual thread.
 */
final class StallDetector {
    private static final Logger LOG = LoggerFactory.getLogger(StallDetector.class);
    private static final boolean SILENT = Mutants.on("rcu-stall-silent");
    private static final String THRESHOLD_PROPERTY = "rcublk.rcu.stall.millis";
    private static final Duration DEFAULT_THRESHOLD =
            Duration.ofMillis(Math.max(1, Long.getLong(THRESHOLD_PROPERTY, 5_000)));
    private static final Duration PATIENCE_WITH_SOURCES = Duration.ofSeconds(1);

    private final String domain;
    private final LongSupplier openSections;
    private final Supplier<List<SectionHolder>> ownSource;
    private final List<Supplier<List<SectionHolder>>> sources = new CopyOnWriteArrayList<>();
    private final List<StallListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private final AtomicLong reports = new AtomicLong();
    private volatile long thresholdNanos = DEFAULT_THRESHOLD.toNanos();

    // Owned by whoever holds the stepper of the grace periods.
    private long stalledCookie;
    private long reportedAge;
    private int reportsOfThis;

    StallDetector(String domain, LongSupplier openSections, Supplier<List<SectionHolder>> ownSource) {
        this.domain = domain;
        this.openSections = openSections;
        this.ownSource = ownSource;
    }

    void threshold(Duration threshold) {
        if (threshold.isNegative() || threshold.isZero()) {
            throw new IllegalArgumentException("a stall threshold of " + threshold + ": give a positive duration");
        }
        thresholdNanos = TimeUnit.NANOSECONDS.convert(threshold);
    }

    void addSource(Supplier<List<SectionHolder>> source) {
        sources.add(source);
    }

    void addListener(StallListener listener) {
        listeners.add(listener);
    }

    long reports() {
        return reports.get();
    }

    /** Readers hold a grace period that started at a {@link System#nanoTime}. Called under the stepper. */
    void held(long cookie, long startedNanos) {
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
            start(cookie, number, age);
        }
    }

    private void start(long cookie, int number, long age) {
        try {
            Thread.ofVirtual().name("rcublk-stall-" + domain).start(() -> report(cookie, number, age));
        } catch (RuntimeException | Error e) {
            reporting.set(false); // the next threshold tries again
            LOG.error("domain {}: a stall could not be reported", domain, e);
        }
    }

    private void report(long cookie, int number, long age) {
        try {
            GracePeriodStall stall =
                    new GracePeriodStall(domain, cookie, number, age, openSections.getAsLong(), holders());
            reports.incrementAndGet();
            LOG.warn("{}", stall.describe());
            RcuEvents.stalled(stall);
            for (StallListener listener : listeners) {
                tell(listener, stall);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("domain {}: a stall could not be reported in full", domain, e);
        } finally {
            reporting.set(false);
        }
    }

    private void tell(StallListener listener, GracePeriodStall stall) {
        try {
            listener.stalled(stall);
        } catch (RuntimeException | Error e) {
            LOG.error("domain {}: a stall listener failed", domain, e);
        }
    }

    /** Who is known to hold sections open, oldest first. */
    List<SectionHolder> holders() {
        List<SectionHolder> known = new ArrayList<>();
        for (Supplier<List<SectionHolder>> source : sources) {
            known.addAll(ask(source));
        }
        known.addAll(ownSource.get());
        known.sort(Comparator.comparingLong(SectionHolder::ageNanos).reversed());
        return known;
    }

    /** A source is not ours: it may hang as well as fail, and the report must come all the same. */
    private List<SectionHolder> ask(Supplier<List<SectionHolder>> source) {
        CompletableFuture<List<SectionHolder>> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("rcublk-holders-" + domain).start(() -> {
            try {
                answer.complete(source.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(PATIENCE_WITH_SOURCES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("domain {}: a source of section holders did not answer: {}", domain, e.toString());
            return List.of();
        }
    }
}
