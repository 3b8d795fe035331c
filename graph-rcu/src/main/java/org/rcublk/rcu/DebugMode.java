// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * How much is recorded of open sections, chosen for the whole process by the system property {@value #PROPERTY}.
 *
 * <p>With {@link #OFF} a token is two numbers in a {@code long} and nothing is recorded. With {@link #ALL} each section
 * is entered in a table with its thread and the place that began it: a token that ends twice, a fork after the parent's
 * end, and a wait for a grace period under a token of its own then throw. {@link #SAMPLED} does that for one section in
 * {@value #SAMPLE_INTERVAL}.
 */
@AnyThread
public enum DebugMode {
    /** Nothing is recorded, at no cost. */
    OFF,
    /** One section in {@value #SAMPLE_INTERVAL} is recorded. */
    SAMPLED,
    /** Every section is recorded: some microseconds each. */
    ALL;

    /** The system property that chooses the mode: {@code off}, {@code sampled} or {@code all}. */
    public static final String PROPERTY = "rcublk.rcu.debug";

    static final int SAMPLE_INTERVAL = 64;

    private static final @Nullable DebugMode CHOSEN = parse(System.getProperty(PROPERTY, "off"));
    static final boolean ENABLED = CHOSEN == SAMPLED || CHOSEN == ALL;

    /**
     * The mode of this process.
     *
     * @return the mode
     * @throws IllegalArgumentException if the property has another value
     */
    public static DebugMode current() {
        if (CHOSEN == null) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + System.getProperty(PROPERTY)
                    + ": not a debug mode; give off, sampled or all");
        }
        return CHOSEN;
    }

    /** Whether the section at hand is to be recorded. */
    static boolean takesThis() {
        return CHOSEN == ALL
                || (CHOSEN == SAMPLED && ThreadLocalRandom.current().nextInt(SAMPLE_INTERVAL) == 0);
    }

    static @Nullable DebugMode parse(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "off" -> OFF;
            case "sampled" -> SAMPLED;
            case "all" -> ALL;
            default -> null;
        };
    }
}
