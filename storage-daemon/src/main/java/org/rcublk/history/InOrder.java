// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.rcublk.history.HandOff.Published;

/**
 * Puts publications in the order of their numbers. One that comes before its predecessor waits for it, for a while: the
 * thread that published the predecessor may have been preempted before it told. What comes later than that is left out.
 * Not thread-safe.
 */
final class InOrder {
    private static final int MOST_WAITING = 256;

    private final long patienceNanos;
    private final PriorityQueue<Published> waiting = new PriorityQueue<>(Comparator.comparingLong(Published::version));
    private long last;

    InOrder(long last, long patienceNanos) {
        this.last = last;
        this.patienceNanos = patienceNanos;
    }

    void add(List<Published> published) {
        for (Published p : published) {
            if (p.version() > last) {
                waiting.add(p);
            }
        }
    }

    /**
     * The next one to be written.
     *
     * @param now by {@link System#nanoTime}
     * @param impatient whether to take what is there
     * @return null when there is none, or when its predecessor is still waited for
     */
    @Nullable
    Published next(long now, boolean impatient) {
        Published head = waiting.peek();
        if (head == null) {
            return null;
        }
        boolean due = head.version() == last + 1
                || impatient
                || waiting.size() > MOST_WAITING
                || now - head.nanos() >= patienceNanos;
        if (!due) {
            return null;
        }
        last = head.version();
        return waiting.poll();
    }

    /** Whether something waits for its predecessor. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }
}
