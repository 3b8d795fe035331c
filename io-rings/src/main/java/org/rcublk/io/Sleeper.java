// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * How an IOThread sleeps and is woken: the one place where it blocks.
 *
 * <p>Sleeper: announce ({@code asleep}, volatile), look for work once more, block, withdraw. Waker: make the work visible,
 * fence, load {@code asleep}; if set, take it back by compare-and-set and wake. Volatile accesses are totally ordered, so
 * either the sleeper's second look finds the work or the waker's load finds the announcement (no lost wake-up); and of
 * many wakers one pays for the system call.
 *
 * <p>The thread blocks in {@code select}, or in a timed park for waits that are shorter than a selector's millisecond.
 */
final class Sleeper implements IdleStrategy {
    private static final boolean NO_RECHECK = Mutants.on("io-sleep-no-recheck");

    static final long DEFAULT_POLL_NANOS = 8_000;

    /** How long to go on looking while requests wait at a gate. */
    static final long GATE_POLL_NANOS = 200_000;

    private static final long SELECT_GRANULARITY = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    @VolatileLoad
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Sleeper.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final IoThread owner;
    private final long pollMaxNanos;
    private final Consumer<SelectionKey> dispatch = this::dispatch;

    @VolatileLoad
    private volatile int state = AWAKE;

    @VolatileLoad
    private volatile boolean stopping;

    private volatile @Nullable Thread sleeping;
    private volatile @Nullable Selector selector;

    @ConfinedTo("the IOThread that sleeps")
    private long idleSince;

    @ConfinedTo("the IOThread that sleeps")
    private boolean idling;

    @AnyThread
    Sleeper(IoThread owner, long pollMaxNanos) {
        this.owner = owner;
        this.pollMaxNanos = pollMaxNanos;
    }

    @Override
    @IoThreadOnly
    public void idle(int workCount) {
        if (workCount > 0) {
            idling = false;
        } else {
            idle();
            // Nobody stops this thread by interrupts. A flag that a driver left would end it, and all its disks with
            // it.
            Thread.interrupted();
        }
    }

    @Override
    @IoThreadOnly
    public void idle() {
        long now = System.nanoTime();
        if (!idling) {
            idling = true;
            idleSince = now;
        }
        if (now - idleSince < pollMaxNanos || waitsAtGate(now - idleSince)) {
            Thread.onSpinWait();
            return;
        }
        sleep();
    }

    /** A gate is usually over sooner than a thread has been woken from its sleep, and its requests wait for both. */
    @IoThreadOnly
    private boolean waitsAtGate(long idleNanos) {
        return pollMaxNanos > 0 && idleNanos < GATE_POLL_NANOS && owner.parksRequests();
    }

    @Override
    @IoThreadOnly
    public void reset() {
        idling = false;
    }

    @IoThreadOnly
    private void sleep() {
        long nanos = owner.maxSleepNanos();
        if (nanos == 0) {
            return;
        }
        sleeping = Thread.currentThread();
        selector(); // before the announcement: a waker that finds no selector could not end the select
        if (Steps.ENABLED) {
            Steps.reach("io.before-sleep");
        }
        state = ASLEEP;
        VarHandle.fullFence();
        try {
            if ((NO_RECHECK || !owner.hasWork()) && !stopping) {
                block(nanos);
            }
        } finally {
            state = AWAKE;
            idling = false;
        }
    }

    /** Until it is woken, or the time is over. */
    @IoThreadOnly
    @SuppressWarnings("BlockingOnIoThread") // the one place where an IOThread blocks, announced before
    private void block(long nanos) {
        if (nanos < SELECT_GRANULARITY) {
            LockSupport.parkNanos(this, nanos);
            return;
        }
        try {
            long millis = nanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos);
            selector().select(dispatch, millis);
        } catch (IOException e) {
            throw new UncheckedIOException("IOThread " + owner.name() + ": select failed", e);
        }
    }

    @AnyThread
    void wakeIfAsleep() {
        VarHandle.fullFence();
        wakeAfterFence();
    }

    /** As {@link #wakeIfAsleep}, for a caller whose own fence stands behind the work that it made visible. */
    @AnyThread
    void wakeAfterFence() {
        if (state == ASLEEP && STATE.compareAndSet(this, ASLEEP, AWAKE)) {
            Selector open = selector;
            if (open != null) {
                open.wakeup();
            }
            // The thread may be in the timed park instead. An unpark that it does not need costs one early return.
            LockSupport.unpark(sleeping);
        }
    }

    @AnyThread
    void stop() {
        stopping = true;
        wakeIfAsleep();
    }

    /** Handles sockets that are ready, without waiting. */
    @IoThreadOnly
    int selectNow() {
        Selector open = selector;
        if (open == null || open.keys().isEmpty()) {
            return 0;
        }
        try {
            return open.selectNow(dispatch);
        } catch (IOException e) {
            throw new UncheckedIOException("IOThread " + owner.name() + ": select failed", e);
        }
    }

    @IoThreadOnly
    private void dispatch(SelectionKey key) {
        try {
            if (key.isValid()) {
                ((SocketHandler) key.attachment()).ready(key);
            }
        } catch (RuntimeException | Error bug) {
            owner.reportBug("a socket handler threw; its connection is closed", bug);
            closeQuietly(key);
        }
    }

    @IoThreadOnly
    private void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            owner.reportBug("closing a connection failed", e);
        }
    }

    @IoThreadOnly
    Selector selector() {
        Selector open = selector;
        if (open == null) {
            try {
                open = Selector.open();
            } catch (IOException e) {
                throw new UncheckedIOException("IOThread " + owner.name() + ": no selector", e);
            }
            selector = open;
        }
        return open;
    }

    @IoThreadOnly
    void closeSelector() {
        Selector open = selector;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                owner.reportBug("closing the selector failed", e);
            }
        }
    }
}
