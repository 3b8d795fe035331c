// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A domain of read-side critical sections and grace periods: sleepable RCU in its up/down form, where any thread may end
 * a section that another one began.
 *
 * <p>Entering and leaving are wait-free: a fixed number of instructions, no compare-and-set, no lock, no allocation
 * (guarantee I), but for once: the domain's first guest, and its first use by an index above 15, make room, lock-free. A
 * grace period that returned has seen the end of every section that began before it, with its effects, on whichever
 * thread it ended (guarantee B). Domains are apart: a grace period of one says nothing about another, and a section or a
 * release that hangs in one delays nothing of another.
 *
 * <p>What a section protects must be reached through a <em>volatile</em> load after {@link #downRead}; an acquire load
 * may be ordered before the count. Sections pin resources; an immutable object that only needs memory safety needs no
 * section, because the garbage collector keeps it.
 *
 * <p>All methods may be called on any thread. Those that may wait for readers throw on an IOThread
 * ({@link ReaderThread}), and inside a {@link ReadSection} of the same domain. The algorithm, its orderings and why it is
 * right stand at the head of {@link GracePeriods}.
 */
@AnyThread
public final class ReadDomain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadDomain.class);
    private static final boolean WRONG_RANK = Mutants.on("rcu-upread-wrong-rank");
    private static final boolean FRESH_RANK = Mutants.on("rcu-fork-fresh-rank");
    private static final boolean UNCOUNTED_FORK = Mutants.on("rcu-fork-uncounted");
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private final String name;
    private final long base = Tokens.newDomain();
    private final SlotTable slots = new SlotTable();
    private final StallDetector stalls;
    private final GracePeriods periods;
    private final Reclaimer reclaimer;

    /**
     * Creates a domain whose deferred releases run one after the other on a virtual thread of their own.
     *
     * @param name for reports
     */
    public ReadDomain(String name) {
        this(name, Reclaimer.ownThreads(name));
    }

    /**
     * Creates a domain.
     *
     * @param name a name for reports
     * @param callbacks runs the task that works through due releases, one at a time, and short tasks that complete the
     *     stages of {@link #whenElapsed}; with one thread a release that hangs holds those up, and what depends on a stage
     *     must not wait for releases; one that runs tasks on its caller has whoever ends a grace period run them
     */
    public ReadDomain(String name, Executor callbacks) {
        this(name, callbacks, Reclaimer.DEFAULT_LIMIT);
    }

    /**
     * As {@link #ReadDomain(String, Executor)}, with a limit of its own.
     *
     * @param name a name for reports
     * @param callbacks as there
     * @param retireLimit how many releases may be pending before {@link #retire} waits; 1 or more
     * @throws IllegalArgumentException if the limit is less than 1, or a property of the debug mode or of stalls is wrong
     */
    public ReadDomain(String name, Executor callbacks, int retireLimit) {
        if (retireLimit < 1) {
            throw new IllegalArgumentException("a retire limit of " + retireLimit + ": give 1 or more");
        }
        DebugMode.current();
        this.name = name;
        this.stalls = new StallDetector(name, slots, () -> Holders.known(this));
        this.periods = new GracePeriods(name, base, slots, stalls);
        this.reclaimer = new Reclaimer(name, periods, callbacks, retireLimit);
    }

    /** {@return the name given at creation} */
    public String name() {
        return name;
    }

    /**
     * Begins a read-side critical section on the calling thread: on its own slot if it is a {@link ReaderThread}, as a
     * guest on a shared stripe otherwise, virtual threads included. Wait-free.
     *
     * @return the token that ends it; it may travel to any thread through any happens-before edge
     * @throws IllegalStateException after {@link #close}
     */
    @AnyThread
    public long downRead() {
        return down(ReaderThread.indexOrGuest());
    }

    /**
     * As {@link #downRead()}, its error included, on a reader index that the calling thread owns.
     *
     * @param reader the value of a {@link ReaderIndex} that no other thread uses meanwhile
     * @return the token that ends it
     */
    @AnyThread
    public long downRead(int reader) {
        return down(Misuse.requireIndex(reader));
    }

    /**
     * Begins a section of the calling thread, for {@code try}-with-resources. Allocates nothing after the thread's first.
     *
     * @return the section; {@link ReadSection#close} ends it
     * @throws IllegalStateException after {@link #close}
     */
    @AnyThread
    public ReadSection read() {
        return SectionStack.mine().push(this);
    }

    /**
     * Begins a section under one that is still open, counted with it: a grace period that waits for the parent waits
     * for the child. Must happen before the parent's {@link #upRead}. Wait-free.
     *
     * @param token the parent's token
     * @return the child's token
     * @throws IllegalArgumentException if the token is another domain's
     */
    @AnyThread
    public long forkRead(long token) {
        return fork(ReaderThread.indexOrGuest(), token);
    }

    /**
     * As {@link #forkRead(long)}, its error included, on a reader index that the calling thread owns.
     *
     * @param reader as for {@link #downRead(int)}
     * @param token as for {@link #forkRead(long)}
     * @return the child's token
     */
    @AnyThread
    public long forkRead(int reader, long token) {
        return fork(Misuse.requireIndex(reader), token);
    }

    /**
     * Ends a section, on any thread. Wait-free. Nothing that the section protected may be used afterwards.
     *
     * @param token what began it; each token ends once
     * @throws IllegalArgumentException if the token is another domain's
     * @throws IllegalStateException if the token was recorded ({@link DebugMode}) and has ended before
     */
    @AnyThread
    public void upRead(long token) {
        up(ReaderThread.indexOrGuest(), token);
    }

    /**
     * As {@link #upRead(long)}, its errors included, on a reader index that the calling thread owns.
     *
     * @param reader as for {@link #downRead(int)}
     * @param token as for {@link #upRead(long)}
     */
    @AnyThread
    public void upRead(int reader, long token) {
        up(Misuse.requireIndex(reader), token);
    }

    /**
     * Says that the calling thread gives a section away that it began and will not end, so that it may wait for a grace
     * period again. Of use to {@link DebugMode} and the compile-time checks; else it does nothing.
     *
     * @param token the section's token
     * @throws IllegalStateException if the token was recorded and has ended
     */
    @AnyThread
    public void handOff(long token) {
        if ((token & ~1L) != base) {
            Misuse.requireOpen(name, base, "handOff", token);
            Tokens.handOff(token);
        }
    }

    private long down(int reader) {
        int rank = periods.rank();
        if (Steps.ENABLED) {
            Steps.reach("rcu.rank-loaded");
        }
        if ((rank & GracePeriods.CLOSED) != 0) {
            throw Misuse.closed(name);
        }
        if (reader >= 0) {
            slots.lock(reader, rank);
        } else {
            slots.lockGuest(rank);
        }
        return DebugMode.ENABLED ? Tokens.record(this, reader, base | rank) : base | rank;
    }

    private long fork(int reader, long token) {
        if ((token & ~1L) != base) {
            Misuse.requireOpen(name, base, "forkRead", token);
        }
        int rank = FRESH_RANK ? periods.rank() : Tokens.rank(token);
        if (UNCOUNTED_FORK) {
            return base | rank;
        }
        if (reader >= 0) {
            slots.lockForked(reader, rank);
        } else {
            slots.lockForkedGuest(rank);
        }
        return DebugMode.ENABLED ? Tokens.record(this, reader, base | rank) : base | rank;
    }

    void up(int reader, long token) {
        if (Steps.ENABLED) {
            Steps.reach("rcu.up");
        }
        if ((token & ~1L) != base) {
            Misuse.requireOpen(name, base, "upRead", token);
            if (!Tokens.remove(token)) {
                throw Misuse.endedBefore(name, "upRead", token);
            }
        }
        int rank = WRONG_RANK ? periods.rank() : Tokens.rank(token);
        if (reader >= 0) {
            slots.unlock(reader, rank);
        } else {
            slots.unlockGuest(rank);
        }
    }

    /**
     * Waits until every section that began before this call has ended (guarantee B). Not interruptible; the thread's
     * interrupt flag is kept.
     *
     * @throws IllegalStateException on an IOThread, or inside a {@link ReadSection} of this domain
     */
    @WaitsForGracePeriod
    public void synchronize() {
        Misuse.requireMayWait(this, "synchronize()");
        reclaimer.awaitUntil(periods.request(), Long.MAX_VALUE);
    }

    /**
     * As {@link #synchronize()}, its error included, with a bound.
     *
     * @param patience how long to wait at most
     * @throws TimeoutException if a section is still open then; nothing is undone, and none is needed
     */
    @WaitsForGracePeriod
    public void synchronize(Duration patience) throws TimeoutException {
        Misuse.requireMayWait(this, "synchronize(Duration)");
        if (!reclaimer.awaitUntil(periods.request(), TimeUnit.NANOSECONDS.convert(patience))) {
            throw new TimeoutException("domain " + name + ": no grace period within " + patience.toMillis() + " ms; "
                    + openSections() + " read sections are open" + Holders.inWords(stalls.ownHolders()));
        }
    }

    /**
     * {@return a cookie for {@link #poll}: the first grace period that starts after this call} The process's driver thread
     * advances it; nothing waits.
     */
    @AnyThread
    public long startPoll() {
        return reclaimer.startPoll();
    }

    /**
     * {@return a cookie, as {@link #startPoll} does} With a step on the calling thread first: where no reader holds the grace
     * period it has elapsed when this returns, and no other thread is woken for it. One that readers hold is the driver's.
     */
    @AnyThread
    public long startPollHere() {
        return reclaimer.startPollHere();
    }

    /**
     * {@return whether a grace period has elapsed; true for good once it has} If so, all effects of the sections that it waited for are visible.
     *
     * @param cookie from {@link #startPoll}
     * @throws IllegalArgumentException if the cookie is not this domain's
     */
    @AnyThread
    public boolean poll(long cookie) {
        Misuse.requireAsked(name, periods, cookie);
        return periods.elapsed(cookie);
    }

    /**
     * A stage that completes when a grace period has elapsed, on the domain's callback executor: a dependent that must
     * run on an IOThread names its executor. Never completed on the calling thread, unless it has elapsed already.
     *
     * @param cookie from {@link #startPoll}
     * @return the stage; it never fails
     * @throws IllegalArgumentException if the cookie is not this domain's
     */
    @AnyThread
    public CompletionStage<Void> whenElapsed(long cookie) {
        Misuse.requireAsked(name, periods, cookie);
        return reclaimer.whenElapsed(cookie);
    }

    /**
     * Waits for a grace period and advances it on the calling thread. Not interruptible; the flag is kept.
     *
     * @param cookie from {@link #startPoll}
     * @param deadline a {@link System#nanoTime} value
     * @return false if the deadline passed first
     * @throws IllegalStateException on an IOThread, or inside a {@link ReadSection} of this domain
     * @throws IllegalArgumentException if the cookie is not this domain's
     */
    @WaitsForGracePeriod
    public boolean await(long cookie, long deadline) {
        Misuse.requireMayWait(this, "await()");
        Misuse.requireAsked(name, periods, cookie);
        return reclaimer.awaitUntil(cookie, deadline - System.nanoTime());
    }

    /** {@return whether no grace period is pending} Advances one first, as far as readers allow, without waiting. */
    @AnyThread
    public boolean step() {
        reclaimer.advance();
        return periods.idle();
    }

    /**
     * Releases something after a grace period that starts after this call. Releases of one domain run in order, one at a
     * time; each runs once. While as many releases are pending as the domain's limit allows, this waits: a flood of
     * retirements is slowed to the pace of the grace periods, and memory stays bounded (guarantee J). A release that
     * retires something itself never waits.
     *
     * @param retirable what to release
     * @throws IllegalStateException on an IOThread, or inside a {@link ReadSection}: {@link #tryRetire} there
     */
    @WaitsForGracePeriod
    public void retire(Retirable retirable) {
        Misuse.requireMayWait(this, "retire()");
        reclaimer.retire(periods.request(), retirable);
    }

    /**
     * As {@link #retire(Retirable)}, after a grace period that was asked for earlier; with its error, and {@link #poll}'s.
     *
     * @param cookie from {@link #startPoll}, called after the resource became unreachable for new sections
     * @param retirable what to release
     */
    @WaitsForGracePeriod
    public void retire(long cookie, Retirable retirable) {
        Misuse.requireMayWait(this, "retire()");
        Misuse.requireAsked(name, periods, cookie);
        reclaimer.retire(cookie, retirable);
    }

    /**
     * As {@link #retire(Retirable)}, without waiting.
     *
     * @param retirable what to release
     * @return false if the limit is reached: nothing was taken over, and the caller keeps it and tries again later
     */
    @AnyThread
    public boolean tryRetire(Retirable retirable) {
        return reclaimer.tryRetire(retirable);
    }

    /**
     * Waits until every release has run that was retired before this call. Not interruptible; the flag is kept.
     *
     * @throws IllegalStateException on an IOThread, inside a {@link ReadSection} of this domain, or in a release
     */
    @WaitsForGracePeriod
    public void barrier() {
        Misuse.requireMayWaitForReleases(this, "barrier()");
        reclaimer.awaitReleases(Long.MAX_VALUE);
    }

    /**
     * As {@link #barrier()}, its error included, with a bound.
     *
     * @param patience how long to wait at most
     * @throws TimeoutException if a release is still pending then; nothing is undone, and none is needed
     */
    @WaitsForGracePeriod
    public void barrier(Duration patience) throws TimeoutException {
        Misuse.requireMayWaitForReleases(this, "barrier(Duration)");
        if (!reclaimer.awaitReleases(TimeUnit.NANOSECONDS.convert(patience))) {
            throw new TimeoutException("domain " + name + ": releases did not run within " + patience.toMillis()
                    + " ms; " + Holders.whatIsOpen(this, reclaimer.retired(), stalls.ownHolders()));
        }
    }

    /** {@return how many sections are open} Exact when none begins or ends meanwhile, otherwise an estimate. */
    @AnyThread
    public long openSections() {
        return slots.open();
    }

    /** {@return how many releases have not finished} */
    @AnyThread
    public long pendingReleases() {
        return reclaimer.retired().pending();
    }

    /** {@return how long the last completed grace period took, in nanoseconds; 0 if there was none} */
    @AnyThread
    public long lastGracePeriodNanos() {
        return periods.lastNanos();
    }

    /**
     * Reports grace periods that last longer than a threshold: by a line in the log, a Flight Recorder event, and the
     * listeners. The default is 5 s, or what the system property {@code rcublk.rcu.stall.millis} says.
     *
     * @param threshold the age of the first report, and the time between two
     * @throws IllegalArgumentException if it is not positive
     */
    @AnyThread
    public void stallThreshold(Duration threshold) {
        stalls.threshold(threshold);
    }

    /**
     * Adds a listener of stalled grace periods.
     *
     * @param listener told on a thread of its own
     */
    @AnyThread
    public void onStall(StallListener listener) {
        stalls.addListener(listener);
    }

    /**
     * Names who holds sections open, for reports: a domain knows counts only.
     *
     * @param source asked on a thread of its own; looks without waiting for readers
     */
    @AnyThread
    public void sectionHolders(Supplier<List<SectionHolder>> source) {
        stalls.addSource(source);
    }

    /**
     * Registers this domain's counters and gauges.
     *
     * @param meters where
     */
    @AnyThread
    public void bindTo(RcuMeters meters) {
        DomainMeters.bind(meters, name, periods, reclaimer.retired(), stalls, slots);
    }

    /**
     * Waits up to 10 s until every section has ended and every release has run. What is still open then is reported in
     * the log with its holders and left as it is: nothing is released under a reader, and it is released when the reader
     * ends. From the call on {@link #downRead()} throws; the caller sees to it that none races with the call, which may
     * miss it. Grace periods and releases go on, for what was left open.
     */
    @Override
    @WaitsForGracePeriod
    public void close() {
        if (!close(CLOSE_PATIENCE)) {
            LOG.warn(
                    "domain {}: closed while {}; they are left to end",
                    name,
                    Holders.whatIsOpen(this, reclaimer.retired(), stalls.holders()));
        }
    }

    /**
     * As {@link #close()}, with a bound of the caller's choice and without the line in the log.
     *
     * @param patience how long to wait at most
     * @return true if every section had ended and every release had run
     * @throws IllegalStateException on an IOThread, inside a {@link ReadSection} of this domain, or in a release
     */
    @WaitsForGracePeriod
    public boolean close(Duration patience) {
        Misuse.requireMayWaitForReleases(this, "close()");
        periods.close();
        return reclaimer.awaitAllReleases(TimeUnit.NANOSECONDS.convert(patience));
    }

    /** {@return whether {@link #close()} was called} */
    @AnyThread
    public boolean isClosed() {
        return periods.closed();
    }

    long base() { // see Tokens
        return base;
    }
}
