// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Step hooks: named places in the production code where a test may hold a thread to force a rare interleaving. They
 * cost nothing unless the JVM was started with {@code -Drcublk.steps=true}: {@link #ENABLED} is a constant, and callers
 * write {@code if (Steps.ENABLED) Steps.reach("...")}.
 *
 * <p>A point stands before an access to memory that threads share. An explorer of schedules, which lets one thread run
 * at a time, takes over waits and new threads as well ({@link Schedule}).
 */
@AnyThread
public final class Steps {
    /** Whether hooks are compiled in. */
    public static final boolean ENABLED = Boolean.getBoolean("rcublk.steps");

    private static volatile Consumer<String> hook = point -> {};
    private static volatile @Nullable Schedule schedule;

    private Steps() {}

    /** What an explorer of schedules takes over, so that no thread sleeps or runs that it does not control. */
    public interface Schedule {
        /**
         * Lets other threads run in place of a pause of the calling thread.
         *
         * @param point the name of the place that waits
         * @return false if the calling thread is not under control and has to pause itself
         */
        boolean waits(String point);

        /**
         * Runs a task in place of a new thread.
         *
         * @param lane tasks of one lane run one after the other
         * @param task the task
         * @return false if the calling thread is not under control and has to start a thread itself
         */
        boolean starts(String lane, Runnable task);
    }

    /**
     * Installs the hook that is called at each step, on the thread that takes the step.
     *
     * @param newHook called with the point's name; must not throw
     */
    public static void install(Consumer<String> newHook) {
        hook = newHook;
    }

    /**
     * Hands waits and new threads to an explorer of schedules.
     *
     * @param newSchedule the explorer's
     */
    public static void takeOver(Schedule newSchedule) {
        schedule = newSchedule;
    }

    /**
     * Reports that the calling thread reached a point.
     *
     * @param point the point's name
     */
    public static void reach(String point) {
        hook.accept(point);
    }

    /**
     * Reports that the calling thread reached a point where it waits for others.
     *
     * @param point the point's name
     * @return true if the pause has been made; false if the caller has to make it
     */
    public static boolean waits(String point) {
        Schedule other = schedule;
        if (other != null && other.waits(point)) {
            return true;
        }
        hook.accept(point);
        return false;
    }

    /**
     * Offers a task that is about to get a thread of its own.
     *
     * @param lane tasks of one lane run one after the other
     * @param task the task
     * @return true if the task was taken over
     */
    public static boolean starts(String lane, Runnable task) {
        Schedule other = schedule;
        return other != null && other.starts(lane, task);
    }
}
