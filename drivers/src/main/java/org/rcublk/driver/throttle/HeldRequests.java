// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.RootState;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.RequestList;

/**
 * The requests of one direction that one IOThread holds back, in the order of their times to run; only the first has a
 * timer. While a request is here, its cursor is its time and its frame is the node of its own version at which it waits:
 * requests of two versions may be in one list. One IOThread's.
 *
 * <p>A request that goes on may complete at once, and its completion bring the next one here: so a request is out of the
 * list, and without a timer, before it goes on.
 */
@IoThreadOnly
final class HeldRequests {
    private final RequestList list = new RequestList();

    @ConfinedTo("the lane's IOThread")
    private @Nullable Request timed;

    @AnyThread
    HeldRequests() {}

    int size() {
        return list.size();
    }

    void add(PlanNode self, Request request, long start, long now) {
        request.frame(self);
        request.cursor(start);
        list.add(request);
        startTimer(now);
    }

    /** The first request's timer is over. */
    void timerOver(Request request) {
        if (request.equals(timed)) {
            timed = null;
        }
    }

    /** The first request if it is due, out of the list; else null, and a timer runs for the first one. */
    @Nullable
    Request removeDue(long now) {
        Request first = list.peek();
        if (first == null || first.cursor() > now) {
            startTimer(now);
            return null;
        }
        stopTimer(first);
        return list.remove();
    }

    /** Moves the requests of a root to another list, and those that requests of it may wait for. */
    void moveAll(@Nullable RootState root, RequestList to, long now) {
        for (int left = list.size(); left > 0; left--) {
            Request request = list.remove();
            if (request == null) {
                break;
            }
            if (request.device().equals(root) || request.othersMayWait()) {
                stopTimer(request);
                to.add(request);
            } else {
                list.add(request);
            }
        }
        startTimer(now);
    }

    private void startTimer(long now) {
        Request first = list.peek();
        if (first != null && timed == null) {
            timed = first;
            first.startTimer(Math.max(0, first.cursor() - now));
        }
    }

    private void stopTimer(Request request) {
        if (request.equals(timed)) {
            request.stopTimer();
            timed = null;
        }
    }
}
