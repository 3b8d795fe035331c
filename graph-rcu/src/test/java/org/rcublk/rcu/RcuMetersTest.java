// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A domain's meters, bound to Micrometer as {@code docs/rcu.md} shows it. */
class RcuMetersTest {
    /** Binds domains to a Micrometer registry. */
    record MicrometerMeters(MeterRegistry registry) implements RcuMeters {
        @Override
        public void counter(String name, String unit, String description, String domain, LongSupplier value) {
            // It holds its second argument weakly, so that must not be the supplier.
            FunctionCounter.builder(name, registry, any -> value.getAsLong())
                    .baseUnit(unit)
                    .description(description)
                    .tag("domain", domain)
                    .register(registry);
        }

        @Override
        public void gauge(String name, String unit, String description, String domain, LongSupplier value) {
            Gauge.builder(name, value, LongSupplier::getAsLong)
                    .baseUnit(unit)
                    .description(description)
                    .tag("domain", domain)
                    .strongReference(true)
                    .register(registry);
        }
    }

    @Test
    void micrometerReadsWhatADomainCounts() {
        ReadDomain domain = new ReadDomain("disk0");
        MeterRegistry registry = new SimpleMeterRegistry();
        domain.bindTo(new MicrometerMeters(registry));
        System.gc(); // a meter that holds its supplier weakly stands still from here on
        long token = domain.downRead();
        assertEquals(
                1,
                registry.get("rcublk.rcu.sections.open")
                        .tag("domain", "disk0")
                        .gauge()
                        .value());
        domain.upRead(token);
        domain.retire(() -> {});
        domain.retire(() -> {
            throw new IllegalStateException("a release fails, as this test wants");
        });
        domain.barrier();
        assertEquals(0, registry.get("rcublk.rcu.sections.open").gauge().value());
        assertEquals(0, registry.get("rcublk.rcu.releases.pending").gauge().value());
        assertEquals(2, count(registry, "rcublk.rcu.releases"));
        assertEquals(1, count(registry, "rcublk.rcu.releases.failed"));
        assertEquals(0, count(registry, "rcublk.rcu.stalls"));
        assertTrue(count(registry, "rcublk.rcu.grace.periods") >= 1);
        assertTrue(count(registry, "rcublk.rcu.grace.period.time") > 0);
        assertTrue(registry.get("rcublk.rcu.grace.period.longest").gauge().value()
                >= registry.get("rcublk.rcu.grace.period.last").gauge().value());
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).functionCounter().count();
    }
}
