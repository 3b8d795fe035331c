// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.rcublk.rcu.ExploredDriver;
import org.rcublk.rcu.Steps;

/** One schedule's copy of a scenario: its threads, and what has to hold when they have ended. */
final class Run {
    /** What a thread does. */
    interface Body {
        void run() throws Exception;
    }

    record Part(String name, boolean daemon, Body body) {}

    private final Explorer explorer;
    private final Runnable driverRound;
    private final List<Part> parts = new ArrayList<>();
    private final List<Body> checks = new ArrayList<>();
    private final Map<String, Lane> lanes = new HashMap<>();

    Run(Explorer explorer) {
        this.explorer = explorer;
        this.driverRound = ExploredDriver.fresh();
    }

    List<Part> parts() {
        return parts;
    }

    List<Body> checks() {
        return checks;
    }

    /** Adds a thread. The schedule ends when all of these have ended. */
    void thread(String name, Body body) {
        parts.add(new Part(name, false, body));
    }

    /** Adds a thread that serves the others for ever. */
    void daemon(String name, Body body) {
        parts.add(new Part(name, true, body));
    }

    /** Adds the process's driver of grace periods. */
    void driver() {
        daemon("driver", () -> {
            while (true) {
                driverRound.run();
            }
        });
    }

    /** Adds a thread that runs tasks one after the other, those of a domain of this name among them. */
    Lane lane(String name) {
        Lane lane = new Lane(name + "-runner");
        lanes.put(name, lane);
        daemon(lane.runner, lane::serve);
        return lane;
    }

    boolean starts(String name, Runnable task) {
        Lane lane = lanes.containsKey(name)
                ? lanes.get(name)
                : lanes.get(name.startsWith("rcublk-close-") ? "close" : "all");
        if (lane == null) {
            throw new AssertionError("the scenario has no lane '" + name + "'");
        }
        lane.execute(task);
        return true;
    }

    /** Adds a check that is made when all threads have ended. */
    void atEnd(Body check) {
        checks.add(check);
    }

    /** Waits until others have made a condition true; a schedule in which they never do is a failure. */
    void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            explorer.waits("await " + what);
        }
    }

    /** A point before an access of the scenario's own. */
    static void step(String point) {
        Steps.reach(point);
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** An executor of one thread. */
    final class Lane implements java.util.concurrent.Executor {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final String runner;

        Lane(String runner) {
            this.runner = runner;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task); // whoever has the baton
            explorer.wakes(runner);
        }

        private void serve() {
            while (true) {
                await("a task", () -> !tasks.isEmpty());
                tasks.remove().run();
            }
        }
    }
}
