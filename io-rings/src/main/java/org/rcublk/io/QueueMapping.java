// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Arrays;
import org.rcublk.annotation.AnyThread;

/**
 * Which queue runs on which IOThread. Immutable.
 *
 * <p>The four forms are the set-ups that multiqueue block layers are compared by: no IOThread (everything on the main
 * loop), one, one for each queue, and an explicit list; besides, queues dealt out in turn over a number of threads.
 */
@AnyThread
public final class QueueMapping {
    private final int threads;
    private final int[] explicit;
    private final boolean perQueue;

    private QueueMapping(int threads, int[] explicit, boolean perQueue) {
        this.threads = threads;
        this.explicit = explicit;
        this.perQueue = perQueue;
    }

    /**
     * All queues on the main loop; no IOThread.
     *
     * @return the mapping
     */
    public static QueueMapping none() {
        return new QueueMapping(0, new int[0], false);
    }

    /**
     * Queues dealt out in turn over some IOThreads.
     *
     * @param threads how many, 1 or more
     * @return the mapping
     * @throws IllegalArgumentException if there are none
     */
    public static QueueMapping threads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a mapping needs 1 IOThread or more, not " + threads);
        }
        return new QueueMapping(threads, new int[0], false);
    }

    /**
     * An IOThread for each queue.
     *
     * @return the mapping
     */
    public static QueueMapping perQueue() {
        return new QueueMapping(0, new int[0], true);
    }

    /**
     * Queue i runs on IOThread {@code threadOfQueue[i mod length]}.
     *
     * @param threadOfQueue IOThread numbers, 0 and up
     * @return the mapping
     * @throws IllegalArgumentException if the list is empty or holds a negative number
     */
    public static QueueMapping explicit(int... threadOfQueue) {
        if (threadOfQueue.length == 0 || Arrays.stream(threadOfQueue).anyMatch(thread -> thread < 0)) {
            throw new IllegalArgumentException(
                    "an explicit mapping lists IOThread numbers from 0 up, one for each queue," + " not "
                            + Arrays.toString(threadOfQueue));
        }
        return new QueueMapping(Arrays.stream(threadOfQueue).max().getAsInt() + 1, threadOfQueue.clone(), false);
    }

    /**
     * How many IOThreads a number of queues needs.
     *
     * @param queues how many queues there are
     * @return IOThreads besides the main loop; 0 for {@link #none}
     */
    public int threadsFor(int queues) {
        return perQueue ? queues : threads;
    }

    /**
     * The IOThread of a queue.
     *
     * @param queue the queue's number
     * @return an IOThread's number, or -1 for the main loop
     */
    public int threadOf(int queue) {
        if (perQueue) {
            return queue;
        }
        if (explicit.length > 0) {
            return explicit[queue % explicit.length];
        }
        return threads == 0 ? -1 : queue % threads;
    }
}
