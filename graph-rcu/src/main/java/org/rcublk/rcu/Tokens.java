// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * What a token is, and the table of open sections of {@link DebugMode}.
 *
 * <pre>
 * bit 0        rank
 * bits 1..23   number of the domain, modulo 2^23
 * bits 24..63  serial number of a recorded section, 0 if it is not recorded
 * </pre>
 *
 * <p>The domain's number catches a token that is given to another domain, at the price of one comparison; it is
 * ambiguous only for domains that were created a multiple of 8,388,608 apart. A recorded section is in the table from
 * its begin to its end, so an end that finds no entry is a second one.
 */
@AnyThread
final class Tokens {
    private static final int SERIAL_SHIFT = 24;
    private static final long DOMAIN_MASK = (1L << SERIAL_SHIFT) - 2;
    private static final long RANK_MASK = 1;

    private static final AtomicLong DOMAINS = new AtomicLong();
    private static final AtomicLong SERIALS = new AtomicLong();
    private static final Map<Long, Open> OPEN = new ConcurrentHashMap<>();

    /**
     * A recorded section.
     *
     * @param domain the domain's name
     * @param token the whole token
     * @param holder the thread that began it and did not hand it off, else null
     * @param thread the name of the thread that began it
     * @param beganNanos {@link System#nanoTime} at the begin
     * @param site who began it, innermost frame first
     */
    record Open(
            String domain,
            long token,
            @Nullable Thread holder,
            String thread,
            long beganNanos,
            List<StackTraceElement> site) {}

    private Tokens() {}

    /** What the tokens of a new domain have in common: its number in place, rank and serial 0. */
    static long newDomain() {
        return (DOMAINS.incrementAndGet() << 1) & DOMAIN_MASK;
    }

    static int rank(long token) {
        return (int) (token & RANK_MASK);
    }

    static boolean sameDomain(long token, long base) {
        return (token & DOMAIN_MASK) == base;
    }

    static boolean recorded(long token) {
        return token >>> SERIAL_SHIFT != 0;
    }

    /**
     * The token of a section that was just counted, with a serial number and an entry in the table; or as it is, if this
     * section is not sampled. Without memory for the entry the section is ended again, since nobody would get its token.
     */
    static long record(ReadDomain domain, int reader, long token) {
        if (!DebugMode.takesThis()) {
            return token;
        }
        try {
            long whole = (token & (DOMAIN_MASK | RANK_MASK)) | SERIALS.incrementAndGet() << SERIAL_SHIFT;
            Thread thread = Thread.currentThread();
            OPEN.put(
                    whole,
                    new Open(domain.name(), whole, thread, thread.getName(), System.nanoTime(), CallSite.here()));
            return whole;
        } catch (Error failed) {
            domain.up(reader, token);
            throw failed;
        }
    }

    /** Whether the entry was there and was taken out. */
    static boolean remove(long token) {
        return OPEN.remove(token) != null;
    }

    static boolean isOpen(long token) {
        return OPEN.containsKey(token);
    }

    /** The section is no more the calling thread's. */
    static void handOff(long token) {
        OPEN.computeIfPresent(token, (t, o) -> new Open(o.domain, o.token, null, o.thread, o.beganNanos, o.site));
    }

    /** The recorded open sections of a domain for which a condition holds. */
    static List<Open> open(long base, Predicate<Open> condition) {
        return OPEN.values().stream()
                .filter(o -> sameDomain(o.token, base) && condition.test(o))
                .toList();
    }
}
