// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.function.LongSupplier;
import org.rcublk.annotation.AnyThread;

/**
 * Where a domain registers what it counts ({@link ReadDomain#bindTo}). Small enough to be bound to any metrics library in
 * a few lines; with Micrometer, {@code counter} is a {@code FunctionCounter} and {@code gauge} a {@code Gauge}, each with
 * a tag {@code domain}. Suppliers may be called on any thread at any time and never block.
 */
@AnyThread
public interface RcuMeters {
    /**
     * Registers a value that only grows.
     *
     * @param name a dotted name, such as {@code rcublk.rcu.grace.periods}
     * @param unit the unit, such as {@code ns} or {@code sections}
     * @param description one sentence
     * @param domain the domain's name
     * @param value the value now
     */
    void counter(String name, String unit, String description, String domain, LongSupplier value);

    /**
     * Registers a value that goes up and down.
     *
     * @param name a dotted name
     * @param unit the unit
     * @param description one sentence
     * @param domain the domain's name
     * @param value the value now
     */
    void gauge(String name, String unit, String description, String domain, LongSupplier value);
}
