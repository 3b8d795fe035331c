// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Looks, all through a run, whether what must go on does, and whether what must hold at any time does. */
final class Watchdog {
    private static final long LOOK_NANOS = 20_000_000;
    /** A machine that stood still itself has not looked so often. */
    private static final int FEWEST_LOOKS = 50;

    private static final int FRAMES = 6;

    /** Read by the thread that runs the profile, as the rest here. */
    private static final class Watched {
        final String what;
        final LongSupplier count;
        long last;
        long movedAt = System.nanoTime();
        int looks;
        boolean moved;

        Watched(String what, LongSupplier count) {
            this.what = what;
            this.count = count;
            this.last = count.getAsLong();
        }
    }

    private final Run run;
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final List<Runnable> invariants = new CopyOnWriteArrayList<>();

    Watchdog(Run run) {
        this.run = run;
    }

    void watch(String what, LongSupplier count) {
        watched.add(new Watched(what, count));
    }

    void always(Runnable invariant) {
        invariants.add(invariant);
    }

    /** Until then, and beyond it until every count has moved. */
    void watchUntil(long end) {
        boolean allMoved = false;
        while (run.running() && !(allMoved && System.nanoTime() - end >= 0)) {
            LockSupport.parkNanos(LOOK_NANOS);
            allMoved = true;
            invariants.forEach(Runnable::run);
            for (Watched each : watched) {
                allMoved &= moves(each);
            }
        }
    }

    private boolean moves(Watched each) {
        long now = System.nanoTime();
        long count = each.count.getAsLong();
        each.looks++;
        if (count != each.last) {
            each.last = count;
            each.movedAt = now;
            each.looks = 0;
            each.moved = true;
        } else if (now - each.movedAt > run.options.patience().toNanos() && each.looks > FEWEST_LOOKS) {
            run.violation(
                    "progress",
                    "for " + run.options.patience() + " stood still: " + each.what + " at " + count
                            + dump(run.threads()));
            run.stop();
        }
        return each.moved;
    }

    /** Where threads are, and those that the library runs in the background. */
    static String dump(List<Thread> threads) {
        StringBuilder text = new StringBuilder();
        List<Thread> all = new ArrayList<>(threads);
        Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("rcublk"))
                .forEach(all::add);
        for (Thread thread : all) {
            StackTraceElement[] stack = thread.getStackTrace();
            text.append("\n    ").append(thread.getName()).append(' ').append(thread.getState());
            for (int i = 0; i < Math.min(stack.length, FRAMES); i++) {
                text.append("\n      at ").append(stack[i]);
            }
        }
        return text.toString();
    }
}
