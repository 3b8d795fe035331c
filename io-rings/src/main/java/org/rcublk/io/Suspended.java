// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * A request that looks for those it has to wait for, and then waits. It counts them, and its own look as one more: so it
 * goes on when the last of them is gone and the look is over, and of two that come last at once only one sees the 0.
 */
@AnyThread
final class Suspended {
    final long from;
    final long to;
    private final Request request;
    private final long ticket;
    private final boolean serialising;
    private final AtomicInteger releases = new AtomicInteger(1);

    Suspended(Request request, long from, long to, long ticket, boolean serialising) {
        this.request = request;
        this.from = from;
        this.to = to;
        this.ticket = ticket;
        this.serialising = serialising;
    }

    /**
     * Whether it waits for a request that it overlaps. An undecided one counts as older. If it is ordinary it runs, or
     * releases this when it decides; that one waits for serialising ones only, so two ordinary ones never meet here.
     */
    boolean waitsFor(@Nullable Mark other) {
        if (other == null) {
            return serialising;
        }
        return (serialising || other.serialising()) && other.ticket() < ticket;
    }

    /** Before a push, since the release may come at once. */
    void expectRelease() {
        releases.incrementAndGet();
    }

    /** After a push that failed. */
    void expectNoRelease() {
        releases.decrementAndGet();
    }

    /** The look is over. True if nobody is left to wait for; false if {@link Request#resume} is called by the last one. */
    boolean needNotWait() {
        return releases.decrementAndGet() == 0;
    }

    /** One of those that it waits for is gone, or has taken a place behind it. */
    void release() {
        if (releases.decrementAndGet() == 0) {
            request.resume();
        }
    }
}
