// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.rcublk.rcu.RcuMeters;
import org.rcublk.rcu.ReadDomain;

/** What a run counts. Any thread may add. */
final class Tally {
    /** The age histogram's length: older than that is counted with the last. */
    static final int AGES = 11;

    final LongAdder sections = new LongAdder();
    final LongAdder releases = new LongAdder();
    private final AtomicLong longestWait = new AtomicLong();
    private final LongAdder[] ages = new LongAdder[AGES];
    private final List<LongSupplier> gracePeriods = new CopyOnWriteArrayList<>();
    private final AtomicLong gracePeriodsOfGone = new AtomicLong();
    private final Map<String, LongAdder> others = new ConcurrentHashMap<>();

    Tally() {
        for (int i = 0; i < AGES; i++) {
            ages[i] = new LongAdder();
        }
    }

    /** Counts this domain's grace periods too. */
    void domain(ReadDomain domain) {
        domain.bindTo(meters(gracePeriods::add));
    }

    /** Counts the grace periods of a domain that is not used any more, and lets go of it. */
    void gone(ReadDomain domain) {
        domain.bindTo(meters(count -> gracePeriodsOfGone.addAndGet(count.getAsLong())));
    }

    private static RcuMeters meters(java.util.function.Consumer<LongSupplier> gracePeriods) {
        return new RcuMeters() {
            @Override
            public void counter(String name, String unit, String text, String domain, LongSupplier value) {
                if (name.equals("rcublk.rcu.grace.periods")) {
                    gracePeriods.accept(value);
                }
            }

            @Override
            public void gauge(String name, String unit, String text, String domain, LongSupplier value) {}
        };
    }

    long gracePeriods() {
        return gracePeriodsOfGone.get()
                + gracePeriods.stream().mapToLong(LongSupplier::getAsLong).sum();
    }

    /** A wait for a grace period took so long, as its caller saw it. */
    void waited(long nanos) {
        longestWait.accumulateAndGet(nanos, Math::max);
    }

    void age(int age) {
        ages[Math.min(age, AGES - 1)].increment();
    }

    /** Counts something of a profile's own. */
    LongAdder other(String name) {
        return others.computeIfAbsent(name, n -> new LongAdder());
    }

    String describe() {
        StringBuilder ageText = new StringBuilder();
        for (LongAdder age : ages) {
            ageText.append(' ').append(age.sum());
        }
        String rest = others.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> ", " + e.getKey() + " " + e.getValue().sum())
                .collect(Collectors.joining());
        return "grace periods " + gracePeriods() + ", sections " + sections.sum() + ", releases " + releases.sum()
                + rest + ", longest wait " + longestWait.get() / 1_000 + " us, ages" + ageText;
    }
}
