// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the process that steps the grace periods of every domain that somebody polls or retires on. It
 * never waits in one domain, so a hung reader of one delays no other, and it parks while nothing is pending.
 */
@GlobalState
final class GracePeriodDriver implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(GracePeriodDriver.class);
    private static final long SHORTEST_PARK = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_PARK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SPINS = 64;
    private static final boolean BLOCKS = Mutants.on("rcu-driver-blocks");
    private static final boolean NO_SECOND_LOOK = Mutants.on("rcu-driver-no-second-look");

    /** Takes the place of the process's driver where schedules are explored. */
    private static volatile @Nullable GracePeriodDriver explored;

    private static final class Holder {
        static final GracePeriodDriver INSTANCE = new GracePeriodDriver();
    }

    private final Queue<Reclaimer> inbox = new ConcurrentLinkedQueue<>();
    private final List<Reclaimer> pending = new ArrayList<>();
    private final Set<Reclaimer> failing = new HashSet<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean permit; // stands for the thread's, where schedules are explored

    @AnyThread
    private GracePeriodDriver() {
        thread = new Thread(this, "rcublk-gp");
        thread.setDaemon(true);
    }

    /** Has the driver's class ready. */
    @AnyThread
    static void prepare() {
        Objects.requireNonNull(Holder.INSTANCE);
    }

    @AnyThread
    static GracePeriodDriver instance() {
        GracePeriodDriver other = Steps.ENABLED ? explored : null;
        if (other != null) {
            return other;
        }
        GracePeriodDriver driver = Holder.INSTANCE;
        if (driver.thread.getState() == Thread.State.NEW) {
            driver.start();
        }
        return driver;
    }

    /** A driver that takes the place of the process's and has no thread: the explorer of schedules runs its rounds. */
    @AnyThread
    static GracePeriodDriver explore() {
        GracePeriodDriver driver = new GracePeriodDriver();
        explored = driver;
        return driver;
    }

    /** Whoever comes first starts it, once a process: it may be an IOThread, and takes no longer than a thread's start does. */
    @AnyThread
    private void start() {
        try {
            thread.start();
        } catch (IllegalThreadStateException another) {
            // another thread has just started it
        }
    }

    /** Has the domain stepped until nothing is pending there. The caller has claimed its "driven" flag. */
    @AnyThread
    void drive(Reclaimer domain) {
        inbox.add(domain);
        if (Steps.ENABLED) {
            Steps.reach("rcu.driver-told");
        }
        // Pairs with run(): it announces that it parks, then looks at the inbox again.
        if (parked) {
            permit = Steps.ENABLED;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        int idleRounds = 0;
        while (true) {
            try {
                idleRounds = round(idleRounds);
            } catch (RuntimeException | Error e) { // whatever it is, the domains of the process wait for this thread
                SafeLog.error(LOG, "a round of the grace-period driver failed; it goes on", e);
                idleRounds++;
                LockSupport.parkNanos(LONGEST_PARK);
            }
        }
    }

    /** One step of every pending domain; the number of rounds since the last that had any effect. */
    int round(int idleBefore) {
        boolean news = takeInbox();
        int idleRounds = stepAll() || news ? 0 : idleBefore + 1;
        if (pending.isEmpty()) {
            parkUntilNews(Long.MAX_VALUE);
        } else if (idleRounds > SPINS) {
            int doublings = Math.min(idleRounds - SPINS, 10);
            parkUntilNews(Math.min(SHORTEST_PARK << doublings, LONGEST_PARK));
        } else if (!Steps.ENABLED || !Steps.waits("rcu.driver-spins")) {
            Thread.onSpinWait();
        }
        return idleRounds;
    }

    private boolean takeInbox() {
        boolean news = false;
        for (Reclaimer domain = inbox.peek(); domain != null; domain = inbox.peek()) {
            pending.add(domain); // before it is taken out: with no memory for it, it stays in the inbox
            inbox.remove();
            news = true;
        }
        return news;
    }

    private boolean stepAll() {
        return pending.removeIf(this::stepGuarded);
    }

    /** The thread serves every domain, so what goes wrong in one ends here; that one stays and is tried again. */
    private boolean stepGuarded(Reclaimer domain) {
        try {
            boolean done = domain.stepForDriver();
            while (BLOCKS && !done) {
                if (!Steps.ENABLED || !Steps.waits("rcu.driver-spins")) {
                    Thread.onSpinWait();
                }
                done = domain.stepForDriver();
            }
            failing.remove(domain);
            return done;
        } catch (RuntimeException | Error e) {
            if (failing.add(domain)) { // once: it is tried again every millisecond
                SafeLog.error(
                        LOG, "domain {}: its grace period cannot be advanced; it is tried again", domain.domain(), e);
            }
            return false;
        }
    }

    /** Waits for the permit by steps; false if no explorer has taken over the waits. */
    private boolean exploredPark() {
        boolean takenOver = true;
        while (takenOver && !permit) {
            takenOver = Steps.waits("rcu.driver-parked");
        }
        permit = false;
        return takenOver;
    }

    private void parkUntilNews(long nanos) {
        if (Steps.ENABLED) {
            Steps.reach("rcu.driver-parks");
        }
        boolean empty = NO_SECOND_LOOK && inbox.isEmpty();
        if (Steps.ENABLED && NO_SECOND_LOOK) {
            Steps.reach("rcu.driver-parking");
        }
        parked = true;
        if (NO_SECOND_LOOK ? empty : inbox.isEmpty()) {
            if (Steps.ENABLED && exploredPark()) {
                parked = false;
                return;
            }
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        parked = false;
        Thread.interrupted(); // nobody's business here; a set flag would turn the park into a spin
    }
}
