// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.WaitsForGracePeriod;

/**
 * The update side of a domain: who waits for its grace periods, and how they are advanced.
 *
 * <p>A waiter advances the grace period on its own thread; for everybody else the process's driver does, which holds the
 * domain from the request until nothing is pending ({@code driven}). Both then look whether releases or stages are due.
 */
@AnyThread
final class Reclaimer {
    private static final boolean RELEASE_EARLY = Mutants.on("rcu-release-early");
    private static final boolean LOST_DOMAIN = Mutants.on("rcu-driver-lost-domain");
    static final int DEFAULT_LIMIT = 16_384;
    private static final boolean UNBOUNDED = Mutants.on("rcu-flood-unbounded");
    private static final boolean STAGE_LOST = Mutants.on("rcu-stage-lost");
    private static final boolean SHARED_CALLBACKS = Mutants.on("rcu-shared-callbacks");
    private static final Executor ONE_FOR_ALL =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()); // of a negative control

    private final String domain;
    private final GracePeriods periods;
    private final RetireQueue retired;
    private final ElapsedStages stages;
    private final int retireLimit;
    private final AtomicBoolean driven = new AtomicBoolean();

    Reclaimer(String domain, GracePeriods periods, Executor callbacks, int retireLimit) {
        this.domain = domain;
        this.periods = periods;
        this.retired = new RetireQueue(domain, callbacks, periods::elapsed);
        this.stages = new ElapsedStages(domain, callbacks, periods::elapsed);
        this.retireLimit = retireLimit;
        GracePeriodDriver.prepare(); // not first where the stack is nearly full: its class would be lost for ever
    }

    /** A virtual thread for each task: a task that hangs delays no other. */
    static Executor ownThreads(String domain) {
        Executor callbacks = SHARED_CALLBACKS
                ? ONE_FOR_ALL
                : task -> Thread.ofVirtual().name("rcublk-retire-" + domain).start(task);
        if (Steps.ENABLED) {
            String lane = SHARED_CALLBACKS ? "all" : domain;
            return task -> {
                if (!Steps.starts(lane, task)) {
                    callbacks.execute(task);
                }
            };
        }
        return callbacks;
    }

    String domain() {
        return domain;
    }

    RetireQueue retired() {
        return retired;
    }

    long startPoll() {
        long cookie = periods.request();
        drive();
        return cookie;
    }

    /** Waking the driver costs more than a look at the readers, of whom there are often none. */
    long startPollHere() {
        long cookie = periods.request();
        advance();
        if (!periods.elapsed(cookie)) {
            drive();
        }
        return cookie;
    }

    CompletionStage<Void> whenElapsed(long cookie) {
        if (periods.elapsed(cookie)) {
            return CompletableFuture.completedStage(null);
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.stage-add");
        }
        CompletableFuture<Void> stage = stages.add(cookie);
        if (STAGE_LOST) {
            return stage.minimalCompletionStage();
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.stage-added");
        }
        stages.kick();
        drive();
        return stage.minimalCompletionStage();
    }

    /** Queues a release, after a wait for room unless the caller is a release itself. */
    @WaitsForGracePeriod
    void retire(long cookie, Retirable retirable) {
        if (full() && !RetireQueue.onRunner()) {
            await(() -> !full(), Long.MAX_VALUE);
        }
        enqueue(cookie, retirable);
    }

    boolean tryRetire(Retirable retirable) {
        if (full() && !RetireQueue.onRunner()) {
            drive();
            return false;
        }
        enqueue(periods.request(), retirable);
        return true;
    }

    private void enqueue(long cookie, Retirable retirable) {
        retired.add(RELEASE_EARLY ? 0 : cookie, retirable);
        retired.kick();
        drive();
    }

    private boolean full() {
        return !UNBOUNDED && retired.pending() >= retireLimit;
    }

    /** Waits until the releases are over that were queued before; false if the time was too short. */
    @WaitsForGracePeriod
    boolean awaitReleases(long nanos) {
        long start = System.nanoTime();
        long mark = retired.mark();
        return awaitUntil(periods.request(), nanos)
                && await(() -> retired.reached(mark), nanos - (System.nanoTime() - start));
    }

    /** Waits until no release is pending, those that releases retire included; false if the time was too short. */
    @WaitsForGracePeriod
    boolean awaitAllReleases(long nanos) {
        long start = System.nanoTime();
        boolean done;
        do {
            done = awaitReleases(nanos - (System.nanoTime() - start));
        } while (done && retired.pending() > 0);
        return done;
    }

    /** Waits for a grace period; false if the time was too short. */
    @WaitsForGracePeriod
    boolean awaitUntil(long cookie, long nanos) {
        return await(() -> RELEASE_EARLY || periods.elapsed(cookie), nanos);
    }

    /** Advances until something is so; false if the time was too short. Looks once at least. */
    @WaitsForGracePeriod
    private boolean await(BooleanSupplier over, long nanos) {
        Backoff backoff = new Backoff();
        long start = System.nanoTime();
        try {
            advance();
            while (!over.getAsBoolean()) {
                if (System.nanoTime() - start >= nanos) {
                    drive(); // what was asked for goes on, and if readers hold it, that is still reported
                    return false;
                }
                backoff.pause();
                advance();
            }
            return true;
        } finally {
            backoff.restoreInterrupt();
        }
    }

    /** Steps the grace period without waiting, and has due releases and stages run. */
    void advance() {
        if (advanceOnce()) {
            drive();
        }
    }

    /** True if an executor refused what is due. */
    private boolean advanceOnce() {
        periods.step();
        boolean refused = retired.kick();
        return stages.kick() || refused;
    }

    /** One step on the driver's behalf; true if the driver may forget the domain until it is asked again. */
    boolean stepForDriver() {
        boolean refused = advanceOnce();
        if (Steps.ENABLED) {
            Steps.reach("rcu.driver-looks");
        }
        if (refused || !periods.idle()) {
            return false;
        }
        if (Steps.ENABLED) {
            Steps.reach("rcu.driver-idle");
        }
        driven.set(false);
        if (Steps.ENABLED) {
            Steps.reach("rcu.driven-reset");
        }
        // A request between the step and the reset saw "driven" and did not call the driver: keep the domain then.
        return LOST_DOMAIN || periods.idle() || !driven.compareAndSet(false, true);
    }

    private void drive() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.drive");
        }
        if (!driven.get() && driven.compareAndSet(false, true)) {
            try {
                GracePeriodDriver.instance().drive(this);
            } catch (Error notTold) { // no memory, no stack: the next request tells it
                driven.set(false);
                throw notTold;
            }
        }
    }
}
