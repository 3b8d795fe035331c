// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * How many storage workers are inside requests of one target, and its requests that wait because that is its share. A
 * target that has one cannot occupy every worker: one is left to the others' disks when this one hangs.
 *
 * <h2>The race between waiting and leaving</h2>
 * <pre>
 * who waits                              who leaves
 * 1. puts its request on the queue       a. counts itself out
 * 2. tries to enter                      b. looks at the queue, and if it is not empty tries to enter
 * </pre>
 * All are volatile or stronger. If 2 fails, somebody inside counts himself out later, and then sees the request. Whoever
 * entered takes from the queue until it is empty before it leaves. So a request waits only while the share is used up.
 */
@AnyThread
public final class TargetShare {
    private final AtomicInteger inside = new AtomicInteger();
    private final ConcurrentLinkedQueue<Request> waiting = new ConcurrentLinkedQueue<>();

    /** For a target that uses none of its share yet. */
    public TargetShare() {}

    /**
     * Takes part of the share for a request, or has the request wait.
     *
     * @return what to serve, with part of the share taken: the request, or one that waited longer. Null if the share is
     *     used up; one of those who are inside serves the request then.
     */
    @Nullable
    Request enter(Request request, int limit) {
        if (enter(limit)) {
            return request;
        }
        waiting.add(request);
        return next(enter(limit), limit);
    }

    /** After a request was served: the next one, or null, with the part of the share given back. */
    @Nullable
    Request next(int limit) {
        return next(true, limit);
    }

    /**
     * Gives the part of the share back although requests wait. The caller has one of them in hand, and has it served: it
     * stands for the others, which follow it.
     */
    void leave() {
        inside.getAndDecrement();
    }

    private @Nullable Request next(boolean entered, int limit) {
        boolean in = entered;
        while (in) {
            Request request = waiting.poll();
            if (request != null) {
                return request;
            }
            inside.getAndDecrement();
            in = !waiting.isEmpty() && enter(limit);
        }
        return null;
    }

    private boolean enter(int limit) {
        int now = inside.get();
        while (now < limit) {
            int found = inside.compareAndExchange(now, now + 1);
            if (found == now) {
                return true;
            }
            now = found;
        }
        return false;
    }
}
