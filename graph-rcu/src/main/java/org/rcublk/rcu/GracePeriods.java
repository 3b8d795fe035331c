// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The grace periods of one domain as a state machine that any thread may advance without waiting: idle, scan of the
 * rank that new readers do not use, flip, scan of the rank that they have just left.
 *
 * <h2>State</h2>
 * <pre>
 * domain  rank (0 or 1)   the rank that new sections count themselves in: the parity of the epoch
 *         sequence        even when idle, odd while a grace period runs; grace period c has ended when sequence &gt;= c
 *         requested       the largest cookie that somebody asked for
 *         stepper         1 while some thread advances the machine: taken by compare-and-set, never waited for
 * slot    lock0 unlock0 lock1 unlock1    sections begun and ended, for each rank ({@link SlotTable}); monotone, 64 bits,
 *                                        never reset, never moved; one writer a slot, except for the guests' stripes
 * </pre>
 *
 * <h2>Algorithm</h2>
 * <pre>
 * downRead     r = rank; lock[r]++; return r             then the caller loads what is protected, by a volatile load
 * forkRead(r)  lock[r]++, while the parent's section is open
 * upRead(r)    unlock[r]++, on the slot of whichever thread ends the section
 * quiet(r)     U = sum of unlock[r]; L = sum of lock[r]; U == L
 * request      c = (sequence + 3) &amp; ~1; requested = max(requested, c): the first grace period that starts after now
 * advance      sequence++; until quiet(1 - rank); rank = 1 - rank; until quiet(1 - rank); sequence++
 * </pre>
 *
 * <h2>Orderings, and what each pairs with</h2>
 * <table>
 * <caption>Access modes</caption>
 * <tr><th>access</th><th>mode</th><th>pairs with</th></tr>
 * <tr><td>rank in downRead</td><td>opaque</td><td>nothing: a stale rank is safe, because both are scanned</td></tr>
 * <tr><td>lock in downRead</td><td>fetch-and-add, with the effects of a volatile store</td><td>volatile loads of lock in
 *     a scan; with the volatile load of the protected reference it is the reader's half of a store-load exchange, whose
 *     other half is the writer's volatile publication and the scan</td></tr>
 * <tr><td>lock in forkRead</td><td>release</td><td>the parent's end: happens before it, and a scan that sees that end
 *     sees the fork</td></tr>
 * <tr><td>unlock in upRead</td><td>release</td><td>acquire loads of unlock in a scan: all that the section did happens
 *     before the end of the grace period</td></tr>
 * <tr><td>sequence, requested</td><td>volatile</td><td>each other: a cookie that was read after a publication belongs to a
 *     grace period whose scans come after that publication</td></tr>
 * <tr><td>plain fields below</td><td>plain</td><td>handed over through stepper: volatile store, then compare-and-set</td></tr>
 * </table>
 *
 * <h2>Why it is right</h2>
 * <ol>
 *   <li><em>No undercount.</em> A section's begin happens before its end. A scan that sees the end (acquire) reads that
 *       begin counter later and sees the begin too. So L - U is never less than the number of open sections whose begin
 *       the scan sees, and L == U means that there are none. It takes both: counters that are split, and ends summed
 *       before begins. A net count, or begins first, loses a section to one that begins behind and ends before the scan.
 *   <li><em>Store-load exchange.</em> Either each scan of this grace period sees a section's begin, or the section's load
 *       of the reference comes after the publication and sees it: volatile accesses are totally ordered
 *       (JLS 17.4.4).
 *   <li><em>Both ranks.</em> A reader that loaded the rank and was held up over a whole grace period counts itself in the
 *       rank that is inactive by then: "the inactive rank is empty" can never be assumed. Safety comes from scanning
 *       both ranks, whichever is current.
 *   <li><em>Progress.</em> The flip gives it, and only it: new sections use the other rank, so each scan waits only for
 *       sections that were open, or about to open, when it began. Without it a stream of readers would hold a scan for
 *       ever (guarantee I).
 *   <li><em>Sharing.</em> A grace period that runs already may have scanned past a reader that this caller's publication
 *       must wait for. The cookie is that of the next one: all who ask while one runs share the next.
 *   <li><em>Slots.</em> A thread publishes a new chunk before it counts itself in it, and a scan reads the table of
 *       chunks again between ends and begins: a begin in a chunk that appeared meanwhile is seen whenever its end is. A
 *       recycled slot keeps its totals, so a section left open on it is still counted.
 * </ol>
 *
 * <p>References: Linux SRCU ({@code srcu_down_read}, {@code kernel/rcu/srcutree.c}); M. Desnoyers, P. McKenney, A. Stern,
 * M. Dagenais, J. Walpole, "User-Level Implementations of Read-Copy Update", IEEE TPDS 23(2), 2012; P. McKenney, "Is
 * Parallel Programming Hard", chapter "Deferred Processing"; JLS 17.4. The models in {@code src/model} state the same
 * under TSO, and fail when a piece is taken out.
 */
@AnyThread
final class GracePeriods {
    private static final boolean ONE_SCAN = Mutants.on("rcu-one-scan");
    private static final boolean COOKIE_RIDES = Mutants.on("rcu-cookie-rides");
    private static final boolean NO_FLIP = Mutants.on("rcu-no-flip");
    private static final boolean POLL_EARLY = Mutants.on("rcu-poll-early");
    private static final boolean NO_RECHECK = Mutants.on("rcu-stepper-no-recheck");
    private static final boolean FLIP_REOPENS = Mutants.on("rcu-flip-reopens");
    private static final boolean REQUEST_OVERWRITES = Mutants.on("rcu-request-overwrites");

    /** Beside the rank, bit 0: no section may begin any more. */
    static final int CLOSED = 2;

    private static final int IDLE = 0;
    private static final int SCAN_INACTIVE = 1;
    private static final int SCAN_LEFT = 2;

    private static final VarHandle RANK;
    private static final VarHandle STEPPER;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RANK = lookup.findVarHandle(GracePeriods.class, "rank", int.class);
            STEPPER = lookup.findVarHandle(GracePeriods.class, "stepper", int.class);
            REQUESTED = lookup.findVarHandle(GracePeriods.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Above a cookie's sequence number: the low bits of the domain's number, so that another domain's is refused. */
    private static final int TAG_SHIFT = 47;

    private static final long SEQUENCE_MASK = (1L << TAG_SHIFT) - 1;
    private static final long TAG_MASK = (1L << (63 - TAG_SHIFT)) - 1;

    private final String domain;
    private final long tag;
    private final SlotTable slots;
    private final StallDetector stalls;
    private final LongPredicate elapsed = this::elapsed;
    private volatile int rank;
    private volatile int stepper;
    private volatile long sequence;
    private volatile long requested;
    private volatile long lastNanos;
    private volatile long longestNanos;
    private volatile long totalNanos;

    // Owned by whoever holds the stepper.
    private int stage = IDLE;
    private long startedNanos;
    private @Nullable Object event;

    /**
     * The machine of a domain.
     *
     * @param base what the domain's tokens have in common, see {@link Tokens}
     */
    GracePeriods(String domain, long base, SlotTable slots, StallDetector stalls) {
        this.domain = domain;
        this.tag = ((base >>> 1) & TAG_MASK) << TAG_SHIFT;
        this.slots = slots;
        this.stalls = stalls;
    }

    /**
     * The rank for new sections in bit 0, and {@link #CLOSED}. May be stale: both ranks are scanned, so a stale rank is
     * safe.
     */
    int rank() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.rank");
        }
        return (int) RANK.getOpaque(this);
    }

    void close() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.close");
        }
        int before = (int) RANK.getAndBitwiseOr(this, CLOSED);
        assert (before & ~CLOSED) <= 1;
    }

    boolean closed() {
        return (rank & CLOSED) != 0;
    }

    boolean elapsed(long cookie) {
        long wanted = cookie & SEQUENCE_MASK;
        return sequence >= (POLL_EARLY ? wanted - 1 : wanted);
    }

    /** Whether somebody has asked for this grace period: any other never comes. */
    boolean asked(long cookie) {
        return (cookie & ~SEQUENCE_MASK) == tag && (cookie & SEQUENCE_MASK) <= requested;
    }

    /** Grace periods that have ended. */
    long completed() {
        return sequence >>> 1;
    }

    long longestNanos() {
        return longestNanos;
    }

    long totalNanos() {
        return totalNanos;
    }

    boolean idle() {
        return sequence >= requested;
    }

    long lastNanos() {
        return lastNanos;
    }

    /**
     * Asks for the first grace period that starts after now. One that runs already does not count: it may have scanned
     * past a reader that this caller's publication must wait for.
     */
    long request() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.request");
        }
        VarHandle.fullFence();
        long now = sequence;
        if (Steps.ENABLED) {
            Steps.reach("rcu.sequence-read");
        }
        long cookie = COOKIE_RIDES ? (now + 1 + 1) & ~1L : (now + 3) & ~1L;
        long asked = requested;
        while (asked < cookie && !raise(asked, cookie)) {
            asked = requested;
        }
        return cookie | tag;
    }

    private boolean raise(long asked, long cookie) {
        if (Steps.ENABLED) {
            Steps.reach("rcu.requested-read");
        }
        if (REQUEST_OVERWRITES) {
            requested = cookie;
            return true;
        }
        return REQUESTED.weakCompareAndSet(this, asked, cookie);
    }

    /** Advances as far as readers allow, without waiting; not at all if another thread is at it, who looks again after. */
    void step() {
        do {
            if (Steps.ENABLED) {
                Steps.reach("rcu.step");
            }
            if (stepper != 0 || !STEPPER.compareAndSet(this, 0, 1)) {
                return;
            }
            try {
                advance();
            } finally {
                if (Steps.ENABLED) {
                    Steps.reach("rcu.stepper-release");
                }
                stepper = 0;
            }
            if (Steps.ENABLED) {
                Steps.reach("rcu.stepper-released");
            }
            // A request that came while we held the stepper was perhaps refused it: look again after letting go.
        } while (!NO_RECHECK && !running() && !idle());
    }

    private boolean running() {
        return (sequence & 1) != 0;
    }

    private void advance() {
        while (true) {
            if (Steps.ENABLED) {
                Steps.reach("rcu.advance");
            }
            switch (stage) {
                case IDLE -> {
                    if (idle()) {
                        return;
                    }
                    startedNanos = System.nanoTime();
                    event = RcuEvents.gracePeriodBegins();
                    nextSequence();
                    VarHandle.fullFence();
                    stage = ONE_SCAN ? flip() : SCAN_INACTIVE;
                }
                case SCAN_INACTIVE -> {
                    if (!quiet(inactive())) {
                        return;
                    }
                    stage = flip();
                }
                default -> {
                    if (!quiet(NO_FLIP ? 1 - inactive() : inactive())) {
                        return;
                    }
                    ended();
                    stage = IDLE;
                    nextSequence();
                }
            }
        }
    }

    private boolean quiet(int scanned) {
        if (slots.quiet(scanned)) {
            return true;
        }
        stalls.held((sequence + 1) | tag, startedNanos, elapsed);
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the holder of the stepper writes
    private void ended() {
        long nanos = System.nanoTime() - startedNanos;
        lastNanos = nanos;
        totalNanos += nanos;
        if (nanos > longestNanos) {
            longestNanos = nanos;
        }
        RcuEvents.gracePeriodEnds(event, domain, (sequence + 1) | tag);
        event = null;
    }

    private int inactive() {
        return 1 - (rank & 1);
    }

    /** Only the holder of the stepper writes it. */
    private void nextSequence() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.sequence");
        }
        long before = sequence;
        sequence = before + 1;
    }

    private int flip() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.before-flip");
        }
        if (FLIP_REOPENS) {
            int before = rank;
            if (Steps.ENABLED) {
                Steps.reach("rcu.flip-torn");
            }
            rank = 1 - (before & 1);
        } else if (!NO_FLIP) {
            int left = (int) RANK.getAndBitwiseXor(this, 1); // keeps CLOSED, which another thread may be setting
            assert (left & ~CLOSED) <= 1;
        }
        return SCAN_LEFT;
    }
}
