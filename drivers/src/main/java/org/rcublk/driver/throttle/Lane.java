// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.graph.RootState;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.RequestList;

/**
 * What one IOThread holds back in one throttle. All of it is the IOThread's, but for the count, which the control path
 * reads: written by volatile stores, so that one that enlists a request comes before a later look at the gate (see
 * {@link ThrottleDriver}).
 */
final class Lane {
    private final IoThread thread;
    private final HeldRequests reads = new HeldRequests();
    private final HeldRequests writes = new HeldRequests();
    private final RequestList going = new RequestList(); // let go, and not on its way yet

    @VolatileLoad
    private final AtomicInteger held = new AtomicInteger();

    @AnyThread
    Lane(IoThread thread) {
        this.thread = thread;
    }

    @AnyThread
    IoThread thread() {
        return thread;
    }

    @AnyThread
    int held() {
        return held.get();
    }

    @IoThreadOnly
    void enlist(PlanNode self, Request request, long start, long now) {
        HeldRequests list = request.op().modifies() ? writes : reads;
        list.add(self, request, start, now);
        held.set(reads.size() + writes.size());
    }

    /** Lets go what is due, since the timer of a request is over. */
    @IoThreadOnly
    void timerOver(Request request, long now) {
        reads.timerOver(request);
        writes.timerOver(request);
        goOn(reads, now);
        goOn(writes, now);
    }

    @IoThreadOnly
    private void goOn(HeldRequests list, long now) {
        for (Request due = list.removeDue(now); due != null; due = list.removeDue(now)) {
            goOn(due);
        }
    }

    /** Lets go all that is held of a root, in order, with what its requests may wait for, and nothing else; of none, only the latter. */
    @IoThreadOnly
    void letGo(@Nullable RootState root, long now) {
        reads.moveAll(root, going, now);
        writes.moveAll(root, going, now);
        for (Request next = going.remove(); next != null; next = going.remove()) {
            goOn(next);
        }
    }

    @IoThreadOnly
    @SuppressWarnings("ReadSectionRequired") // what is held here was admitted, and holds its token until it completes
    private void goOn(Request request) {
        if (!(request.frame() instanceof PlanNode self)) {
            throw new IllegalStateException(request + " was not held here: a driver above uses its frame");
        }
        held.set(reads.size() + writes.size());
        request.frame(null);
        request.cursor(0);
        request.submitTo(self.main());
    }
}
