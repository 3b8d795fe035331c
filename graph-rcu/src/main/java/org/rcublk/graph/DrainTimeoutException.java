// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * A change, or a drain, that did not get what it waits for before its deadline. It was aborted: its gates are off,
 * parked requests are let in again, and the graph is what it would be without it (guarantees E and I).
 */
@AnyThread
public class DrainTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was waited for. */
    public enum Phase {
        /** A node's flush. */
        FLUSH,
        /** Another change's gate. */
        GATE,
        /** The end of requests in flight. */
        GRACE_PERIOD
    }

    private final Phase phase;
    private final transient @Nullable InFlight oldestRequest;

    /**
     * A missed deadline.
     *
     * @param phase what was waited for
     * @param message one sentence that names the change and the gate, node, or oldest request
     * @param oldestRequest the oldest request of the roots that did not drain, or null
     */
    public DrainTimeoutException(Phase phase, String message, @Nullable InFlight oldestRequest) {
        super(message);
        this.phase = phase;
        this.oldestRequest = oldestRequest;
    }

    /**
     * What was waited for.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * The oldest request of the roots that did not drain.
     *
     * @return the request, or null when no root knew one
     */
    public @Nullable InFlight oldestRequest() {
        return oldestRequest;
    }
}
