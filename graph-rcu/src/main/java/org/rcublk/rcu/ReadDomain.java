// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A domain of read-side critical sections and grace periods: sleepable RCU in its up/down form, where any registered
 * thread may end a section that another one began.
 *
 * <h2>State</h2>
 * A rank, 0 or 1, that new sections use; for each reader index one padded slot with four counters, sections begun and
 * ended for each rank ({@link SlotTable}); a grace-period machine ({@link GracePeriods}); a queue of deferred releases
 * ({@link RetireQueue}). The counters are the per-thread epoch counters, the rank is the parity of the epoch.
 *
 * <h2>Algorithm</h2>
 * <pre>
 * downRead    r = rank; lock[r]++ (volatile store); return r          then: load what is protected (volatile load)
 * forkRead(r) lock[r]++ (release), while the parent's section is open
 * upRead(r)   unlock[r]++ (release), on any registered thread
 * grace period: scan(1 - rank); flip rank; scan(the rank just left)   scan: sum of unlocks, then sum of locks, equal
 * </pre>
 *
 * <h2>Why it is right</h2>
 * <ol>
 *   <li>No undercount. A section's begin happens before its end. A scan that sees the end (acquire) reads that begin
 *       counter later and sees the begin too; so begins minus ends is never less than the open sections whose begin the
 *       scan sees, and equality means that there are none. Split counters and "ends first" are both needed.
 *   <li>Store-load order. The begin is a volatile store, followed by the volatile load of the protected reference; the
 *       writer publishes by a volatile store and scans by volatile loads afterwards. Volatile accesses are totally
 *       ordered (JLS 17.4.4): either the scan sees the begin, or the reader sees the publication.
 *   <li>Both ranks. A reader that loaded the rank and stalled may count itself in either, so both are scanned.
 *   <li>Progress. After the flip new sections use the other rank, so each scan waits only for sections that were open
 *       or about to open at the flip.
 * </ol>
 * Entering and leaving are wait-free: a fixed number of instructions, no compare-and-set, no lock, no allocation
 * (guarantee I). A grace period that returned has seen the end of every section that began before it, with its effects,
 * on whichever thread it ended (guarantee B).
 *
 * <p>What a section protects must be reached through a <em>volatile</em> load after {@link #downRead}; an acquire load
 * may be ordered before the count. Sections pin resources; an immutable object that only needs memory safety needs no
 * section, because the garbage collector keeps it.
 *
 * <p>References: P. McKenney and others, Linux SRCU ({@code srcu_down_read}); M. Desnoyers and others, "User-Level
 * Implementations of Read-Copy Update", IEEE TPDS 23(2), 2012.
 */
public final class ReadDomain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadDomain.class);
    private static final boolean RELEASE_EARLY = Mutants.on("rcu-release-early");
    private static final int SPINS = 64;
    private static final int YIELDS = 4;
    private static final long SHORTEST_PARK = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_PARK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final SlotTable slots = new SlotTable();
    private final GracePeriods periods;
    private final AtomicBoolean driven = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Creates a domain whose deferred releases run one after the other on a virtual thread of their own.
     *
     * @param name a name for reports
     */
    public ReadDomain(String name) {
        this(name, task -> Thread.ofVirtual().name("rcublk-retire-" + name).start(task));
    }

    /**
     * Creates a domain.
     *
     * @param name a name for reports
     * @param callbacks runs the task that works through due releases; at most one such task is active at a time
     */
    public ReadDomain(String name, Executor callbacks) {
        this.name = name;
        this.periods = new GracePeriods(slots, elapsed -> new RetireQueue(name, callbacks, elapsed));
    }

    /**
     * The name given at creation.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Begins a read-side critical section on the calling reader thread. Wait-free.
     *
     * @return the token that ends it; it may travel to another registered thread through any happens-before edge
     * @throws IllegalStateException if the calling thread is not a {@link ReaderThread}
     */
    @AnyThread
    public long downRead() {
        return downRead(callingReader());
    }

    /**
     * Begins a section on a reader index that the calling thread owns. Wait-free.
     *
     * @param reader the value of a {@link ReaderIndex} that no other thread uses meanwhile
     * @return the token that ends it
     */
    @AnyThread
    public long downRead(int reader) {
        int rank = periods.rank();
        if (Steps.ENABLED) {
            Steps.reach("rcu.rank-loaded");
        }
        slots.lock(reader, rank);
        return rank;
    }

    /**
     * Begins a section under one that is still open, counted with it: a grace period that waits for the parent waits
     * for the child. Must happen before the parent's {@link #upRead}. Wait-free.
     *
     * @param token the parent's token
     * @return the child's token
     * @throws IllegalStateException if the calling thread is not a {@link ReaderThread}
     */
    @AnyThread
    public long forkRead(long token) {
        return forkRead(callingReader(), token);
    }

    /**
     * As {@link #forkRead(long)}, on a reader index that the calling thread owns.
     *
     * @param reader the value of a {@link ReaderIndex} that no other thread uses meanwhile
     * @param token the parent's token
     * @return the child's token
     */
    @AnyThread
    public long forkRead(int reader, long token) {
        slots.lockForked(reader, (int) token);
        return token;
    }

    /**
     * Ends a section, on any reader thread. Wait-free. Nothing that the section protected may be used afterwards.
     *
     * @param token what began it; each token ends once
     * @throws IllegalStateException if the calling thread is not a {@link ReaderThread}
     */
    @AnyThread
    public void upRead(long token) {
        upRead(callingReader(), token);
    }

    /**
     * As {@link #upRead(long)}, on a reader index that the calling thread owns.
     *
     * @param reader the value of a {@link ReaderIndex} that no other thread uses meanwhile
     * @param token what began the section
     */
    @AnyThread
    public void upRead(int reader, long token) {
        slots.unlock(reader, (int) token);
    }

    /**
     * Waits until every section that began before this call has ended (guarantee B). Not interruptible; the thread's
     * interrupt flag is kept.
     *
     * @throws IllegalStateException on an IOThread
     */
    @WaitsForGracePeriod
    public void synchronize() {
        ReaderThread.requireMayBlock("synchronize()");
        awaitUntil(periods.request(), Long.MAX_VALUE);
    }

    /**
     * As {@link #synchronize()}, with a bound.
     *
     * @param patience how long to wait at most
     * @throws TimeoutException if a section is still open then; nothing is undone, and none is needed
     * @throws IllegalStateException on an IOThread
     */
    @WaitsForGracePeriod
    public void synchronize(Duration patience) throws TimeoutException {
        ReaderThread.requireMayBlock("synchronize(Duration)");
        if (!awaitUntil(periods.request(), TimeUnit.NANOSECONDS.convert(patience))) {
            throw new TimeoutException("domain " + name + ": no grace period within " + patience.toMillis() + " ms; "
                    + openSections() + " read sections are open");
        }
    }

    /**
     * Asks for a grace period without waiting. The process's driver thread advances it.
     *
     * @return a cookie for {@link #poll}: the first grace period that starts after this call
     */
    @AnyThread
    public long startPoll() {
        long cookie = periods.request();
        drive();
        return cookie;
    }

    /**
     * Whether a grace period has elapsed. If so, all effects of the sections that it waited for are visible.
     *
     * @param cookie from {@link #startPoll}
     * @return true once it has; never false again after that
     */
    @AnyThread
    public boolean poll(long cookie) {
        return periods.elapsed(cookie);
    }

    /**
     * Waits for a grace period and advances it on the calling thread. Not interruptible; the flag is kept.
     *
     * @param cookie from {@link #startPoll}
     * @param deadline a {@link System#nanoTime} value
     * @return false if the deadline passed first
     * @throws IllegalStateException on an IOThread
     */
    @WaitsForGracePeriod
    public boolean await(long cookie, long deadline) {
        ReaderThread.requireMayBlock("await()");
        return awaitUntil(cookie, deadline - System.nanoTime());
    }

    /**
     * Advances a pending grace period as far as readers allow, without waiting.
     *
     * @return true if no grace period is pending
     */
    @AnyThread
    public boolean step() {
        periods.step();
        return periods.idle();
    }

    /**
     * Releases something after a grace period that starts after this call. Releases of one domain run in order, one at a
     * time; each runs once.
     *
     * @param retirable what to release
     */
    @AnyThread
    public void retire(Retirable retirable) {
        retire(periods.request(), retirable);
    }

    /**
     * Releases something after a grace period that was asked for earlier.
     *
     * @param cookie from {@link #startPoll}, called after the resource became unreachable for new sections
     * @param retirable what to release
     */
    @AnyThread
    public void retire(long cookie, Retirable retirable) {
        periods.retired().add(RELEASE_EARLY ? 0 : cookie, retirable);
        periods.retired().kick();
        drive();
    }

    /**
     * Open sections. Exact when no section begins or ends meanwhile, otherwise an estimate.
     *
     * @return the number of sections begun and not ended
     */
    @AnyThread
    public long openSections() {
        return slots.open();
    }

    /**
     * Releases that have not finished.
     *
     * @return their number
     */
    @AnyThread
    public long pendingReleases() {
        return periods.retired().pending();
    }

    /**
     * How long the last completed grace period took.
     *
     * @return nanoseconds, 0 if there was none
     */
    @AnyThread
    public long lastGracePeriodNanos() {
        return periods.lastNanos();
    }

    /**
     * Waits up to 10 s until every section has ended and every release has run. What is still open then is reported in
     * the log and left as it is: nothing is released under a reader. The caller sees to it that no new section begins.
     */
    @Override
    @WaitsForGracePeriod
    public void close() {
        if (!close(CLOSE_PATIENCE)) {
            LOG.warn(
                    "domain {}: closed with {} open read sections and {} releases pending; they are left to run",
                    name,
                    openSections(),
                    pendingReleases());
        }
    }

    /**
     * As {@link #close()}, with a bound of the caller's choice.
     *
     * @param patience how long to wait at most
     * @return true if every section had ended and every release had run
     */
    @WaitsForGracePeriod
    public boolean close(Duration patience) {
        ReaderThread.requireMayBlock("close()");
        closed = true;
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
        boolean elapsed = awaitUntil(periods.request(), TimeUnit.NANOSECONDS.convert(patience));
        Backoff backoff = new Backoff();
        periods.retired().kick();
        while (elapsed && periods.retired().pending() > 0 && System.nanoTime() - deadline < 0) {
            backoff.pause();
        }
        backoff.restoreInterrupt();
        return elapsed && periods.retired().pending() == 0;
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true once it was
     */
    @AnyThread
    public boolean isClosed() {
        return closed;
    }

    /** One step on the driver's behalf; true if the driver may forget the domain until it is asked again. */
    boolean stepForDriver() {
        if (!step()) {
            return false;
        }
        driven.set(false);
        // A request between the step and the reset saw "driven" and did not call the driver: keep the domain then.
        return periods.idle() || !driven.compareAndSet(false, true);
    }

    private void drive() {
        if (!driven.get() && driven.compareAndSet(false, true)) {
            GracePeriodDriver.instance().drive(this);
        }
    }

    private boolean awaitUntil(long cookie, long nanos) {
        Backoff backoff = new Backoff();
        long start = System.nanoTime();
        periods.step();
        while (!RELEASE_EARLY && !periods.elapsed(cookie)) {
            if (System.nanoTime() - start >= nanos) {
                backoff.restoreInterrupt();
                return false;
            }
            backoff.pause();
            periods.step();
        }
        backoff.restoreInterrupt();
        return true;
    }

    private static int callingReader() {
        return Thread.currentThread() instanceof ReaderThread reader ? reader.readerIndex() : -1;
    }

    /** Spin, yield, then park from 10 us doubling to 1 ms. A set interrupt flag is taken off, or park would spin. */
    private static final class Backoff {
        private int round;
        private boolean interrupted;

        @SuppressWarnings("ThreadPriorityCheck") // the yield is only a hint before the park, which is what is relied on
        void pause() {
            round++;
            if (round <= SPINS) {
                Thread.onSpinWait();
            } else if (round <= SPINS + YIELDS) {
                Thread.yield();
            } else {
                int doublings = Math.min(round - SPINS - YIELDS - 1, 10);
                LockSupport.parkNanos(Math.min(SHORTEST_PARK << doublings, LONGEST_PARK));
                interrupted |= Thread.interrupted();
            }
        }

        void restoreInterrupt() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
