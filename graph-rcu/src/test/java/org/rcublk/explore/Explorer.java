// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rcublk.rcu.Steps;

/**
 * Runs a scenario in every schedule that a number of preemptions allows: depth first over the decisions, each schedule
 * from the start, by production code that reports its steps ({@link Steps}).
 *
 * <p>At each step the thread that has the baton decides who goes on: itself, or another, which costs a preemption. A
 * thread that ends or waits leaves the choice among those that are ready, free of cost; one that waits is asked again
 * when no other is ready, or at the cost of a preemption after another took a step. If only waiting threads are left and none gets
 * on for a while, the schedule is a failure of liveness.
 *
 * <p>What a schedule does depends on nothing but its decisions, so the list of those that were not the first choice
 * replays it. Not thread-safe: one exploration at a time in a process.
 */
final class Explorer {
    private static final int MOST_STEPS = 5_000;
    private static final int MOST_IDLE_ROUNDS = 24;
    private static final long HANG_NANOS = 20_000_000_000L;

    /** Ends a thread whose schedule is over. */
    static final class Unwound extends Error {
        private static final long serialVersionUID = 1;

        Unwound() {
            super("the schedule is over", null, false, false);
        }
    }

    private final List<Actor> pool = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final Decisions decisions = new Decisions();
    private final Trace trace = new Trace();
    private Scenario scenario;
    private Run run;
    private int preemptionsLeft;
    private int steps;
    private int idleRounds;
    private long clock;
    private boolean over;
    private @Nullable Throwable failure;
    private volatile boolean finished;
    private volatile @Nullable Thread controller;
    /** Who has the baton, or had it last. */
    volatile @Nullable Actor holder;

    private String last = "";

    Explorer() {
        if (!Steps.ENABLED) {
            throw new IllegalStateException("start the JVM with -Drcublk.steps=true");
        }
        Steps.install(this::reach);
        Steps.takeOver(new Steps.Schedule() {
            @Override
            public boolean waits(String point) {
                return Explorer.this.waits(point);
            }

            @Override
            public boolean starts(String lane, Runnable task) {
                return underControl() && run.starts(lane, task);
            }
        });
    }

    /** Explores up to the scenario's bound, with few preemptions first, so that a failure is found in a short form. */
    Outcome explore(Scenario which) {
        return onVirtualThread(() -> exploreAll(which));
    }

    /** Runs one schedule, from the text of an {@link Outcome}. */
    Outcome replay(Scenario which, String schedule) {
        return onVirtualThread(() -> replayOne(which, schedule));
    }

    /** Where a hand-over to and from the actors is cheap. */
    private static Outcome onVirtualThread(Callable<Outcome> task) {
        FutureTask<Outcome> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome exploreAll(Scenario which) {
        long start = System.nanoTime();
        long schedules = 0;
        long mostSteps = 0;
        for (int bound = 0; bound <= which.bound(); bound++) {
            schedules = 0;
            decisions.reset();
            do {
                schedules++;
                runOnce(which, bound);
                mostSteps = Math.max(mostSteps, steps);
                if (failure != null) {
                    return new Outcome(
                            which,
                            schedules,
                            bound,
                            steps,
                            System.nanoTime() - start,
                            failure,
                            decisions.text(),
                            trace.text());
                }
            } while (decisions.next());
        }
        return new Outcome(which, schedules, which.bound(), mostSteps, System.nanoTime() - start, null, "", "");
    }

    private Outcome replayOne(Scenario which, String schedule) {
        long start = System.nanoTime();
        decisions.replay(schedule);
        runOnce(which, Integer.MAX_VALUE);
        return new Outcome(which, 1, 0, steps, System.nanoTime() - start, failure, decisions.text(), trace.text());
    }

    private void runOnce(Scenario which, int bound) {
        scenario = which;
        preemptionsLeft = bound;
        steps = 0;
        idleRounds = 0;
        clock = 0;
        over = false;
        failure = null;
        finished = false;
        last = "";
        decisions.begin();
        trace.clear();
        actors.clear();
        run = new Run(this);
        which.build().accept(run);
        for (Run.Part part : run.parts()) {
            if (actors.size() == pool.size()) {
                pool.add(new Actor(this));
            }
            Actor actor = pool.get(actors.size());
            actor.prepare(part);
            actors.add(actor);
        }
        controller = Thread.currentThread();
        choose(null).give();
        awaitFinished();
        for (Run.Body check : run.checks()) {
            if (failure == null) {
                checkEnd(check);
            }
        }
    }

    private void checkEnd(Run.Body check) {
        try {
            check.run();
        } catch (Exception | Error e) {
            failure = e;
        }
    }

    private void awaitFinished() {
        long start = System.nanoTime();
        while (!finished) {
            LockSupport.parkNanos(this, 1_000_000_000);
            if (!finished && System.nanoTime() - start > HANG_NANOS) {
                StringBuilder where = new StringBuilder(
                        "a thread hangs outside of the schedule; " + scenario.name() + " " + decisions.text());
                for (Actor actor : actors) {
                    where.append('\n').append(actor.label).append(' ').append(actor.state);
                    for (StackTraceElement frame : actor.stack()) {
                        where.append("\n    ").append(frame);
                    }
                }
                throw new IllegalStateException(where.toString());
            }
        }
    }

    private boolean underControl() {
        Actor running = holder;
        return running != null && running.isCurrent();
    }

    void begins(Actor actor) {
        if (over) {
            throw new Unwound();
        }
        actor.state = Actor.State.READY;
    }

    private void reach(String point) {
        Actor me = holder;
        if (me == null || !me.isCurrent()) {
            return;
        }
        if (over) {
            if (failure != null) {
                throw new Unwound();
            }
            return;
        }
        if (!me.started) {
            me.started = true; // nothing has been accessed since the choice of this thread
            return;
        }
        if (scenario.passesOver(point)) {
            return;
        }
        stepped(me, point);
        pass(me, choose(me));
    }

    boolean waits(String point) {
        Actor me = holder;
        if (me == null || !me.isCurrent()) {
            return false;
        }
        if (over) {
            throw new Unwound();
        }
        me.started = true;
        stepped(me, point);
        me.state = Actor.State.WAITING;
        me.mayLookAgain = false;
        me.waitsSince = ++clock;
        Actor next = choose(me);
        pass(me, next);
        if (over) {
            throw new Unwound();
        }
        me.state = Actor.State.READY;
        return true;
    }

    private void stepped(Actor me, String point) {
        trace.add(me.label, point);
        last = point;
        if (++steps > MOST_STEPS) {
            throw failed(new AssertionError("no end after " + MOST_STEPS + " steps"));
        }
        for (Actor actor : actors) {
            actor.mayLookAgain |= actor != me;
        }
    }

    private Unwound failed(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        over = true;
        return new Unwound();
    }

    private void pass(Actor me, Actor next) {
        if (next != me) {
            next.give();
            me.awaitBaton();
            if (over && failure != null) {
                throw new Unwound();
            }
        }
    }

    /** Who goes on; {@code me} is null at the start, or the thread that has reached a point, ended or begun to wait. */
    private Actor choose(@Nullable Actor me) {
        List<Actor> options = new ArrayList<>(actors.size());
        int free = 1;
        if (me != null && me.state == Actor.State.READY) {
            options.add(me);
            if (preemptionsLeft > 0) {
                addAll(Actor.State.READY, me, options);
                addAll(Actor.State.WAITING, me, options);
            }
        } else {
            addAll(Actor.State.READY, me, options);
            if (options.isEmpty()) {
                options.add(longestWaiting());
                free = 1;
            } else {
                idleRounds = 0;
                free = options.size();
                if (preemptionsLeft > 0) {
                    addAll(Actor.State.WAITING, me, options);
                }
            }
        }
        int taken = decisions.take(options.size());
        if (taken >= free) {
            preemptionsLeft--;
        }
        return options.get(taken);
    }

    /** Adds the others in a state; of those that wait, the ones that may find something new. */
    private void addAll(Actor.State state, @Nullable Actor me, List<Actor> options) {
        for (Actor actor : actors) {
            if (actor != me && actor.state == state && (state == Actor.State.READY || actor.mayLookAgain)) {
                options.add(actor);
            }
        }
    }

    /** What a waiting actor waits for is there. */
    void wakes(String label) {
        for (Actor actor : actors) {
            if (actor.label.equals(label) && actor.state == Actor.State.WAITING) {
                actor.state = Actor.State.READY;
            }
        }
    }

    private Actor longestWaiting() {
        Actor longest = null;
        for (Actor actor : actors) {
            if (actor.state == Actor.State.WAITING && (longest == null || actor.waitsSince < longest.waitsSince)) {
                longest = actor;
            }
        }
        if (longest == null) {
            throw new IllegalStateException("nobody is left after " + last);
        }
        if (++idleRounds > MOST_IDLE_ROUNDS * actors.size()) {
            throw failed(new AssertionError("nobody gets on: " + stuck()));
        }
        return longest;
    }

    private String stuck() {
        StringBuilder text = new StringBuilder();
        for (Actor actor : actors) {
            if (!actor.daemon && actor.state == Actor.State.WAITING) {
                text.append(text.isEmpty() ? "" : ", ").append(actor.label);
            }
        }
        return text + " waits for ever";
    }

    /** Called by an actor that ends, which still has the baton. */
    void ends(Actor me, @Nullable Throwable why) {
        me.state = Actor.State.DONE;
        if (why != null) {
            failed(why);
        }
        if (!over) {
            trace.add(me.label, "end");
            idleRounds = 0;
            for (Actor actor : actors) {
                actor.mayLookAgain = true;
            }
            over = actors.stream().allMatch(a -> a.daemon || a.state == Actor.State.DONE);
        }
        Actor next = nextAfterEnd(me);
        if (next == null) {
            finished = true;
            LockSupport.unpark(controller);
        } else {
            next.give();
        }
    }

    private @Nullable Actor nextAfterEnd(Actor me) {
        if (!over) {
            try {
                return choose(me);
            } catch (Unwound e) {
                // nobody gets on: all are ended below
            }
        }
        return actors.stream()
                .filter(a -> a.state != Actor.State.DONE)
                .findFirst()
                .orElse(null);
    }
}
