// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;

/** Timers of one IOThread, a binary heap of the waiting requests themselves: no allocation once it has grown. */
@IoThreadOnly
final class TimerQueue {
    private final PriorityQueue<Request> heap =
            new PriorityQueue<>(64, Comparator.comparingLong(request -> request.timerDeadline));

    @AnyThread
    TimerQueue() {}

    void add(Request request, long delayNanos) {
        if (request.timed) {
            throw new IllegalStateException(request + " has a timer already: it waits for one at a time");
        }
        request.timed = true;
        long now = System.nanoTime();
        long deadline = now + delayNanos;
        // A delay of centuries must not wrap around into the past.
        request.timerDeadline = deadline < now && delayNanos > 0 ? Long.MAX_VALUE : deadline;
        heap.add(request);
    }

    int poll(int limit) {
        int fired = 0;
        if (heap.isEmpty()) {
            return 0;
        }
        long now = System.nanoTime();
        for (Request first = heap.peek(); fired < limit && first != null; first = heap.peek()) {
            if (first.timerDeadline > now) {
                break;
            }
            heap.remove();
            first.timed = false;
            first.thread().deliverResume(first);
            fired++;
        }
        return fired;
    }

    /** Takes the timer of a request off, if it has one, so that none fires for the slot's next use. */
    void cancel(Request request) {
        if (request.timed) {
            request.timed = false;
            heap.remove(request);
        }
    }

    /** Nanoseconds until the next timer; {@link Long#MAX_VALUE} if there is none, 0 if one is due. */
    long untilNext() {
        Request first = heap.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.timerDeadline - System.nanoTime());
    }
}
