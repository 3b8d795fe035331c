// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;

/**
 * How an IOThread does storage I/O. Each IOThread has one engine of its own, confined to it. The portable engine hands
 * batches to storage workers that use NIO; an io_uring engine has the same seam: submissions are gathered during a cycle,
 * started by {@link #flush}, and completed by {@link #poll}.
 */
public interface StorageEngine {
    /**
     * Queues a request. Never refuses and never blocks: what the engine has no room for waits in the requests' own links.
     *
     * @param request accepted by its driver, to be completed by {@link #poll} with the result of {@code target}
     * @param target does the I/O
     */
    @IoThreadOnly
    @RequiresReadSection
    void submit(Request request, StorageTarget target);

    /** Starts what was queued since the last call; at most one wake-up. */
    @IoThreadOnly
    void flush();

    /**
     * Completes requests whose I/O is done.
     *
     * @return how many
     */
    @IoThreadOnly
    int poll();

    /**
     * Whether {@link #poll} would find something.
     *
     * @return true if a completion waits
     */
    @IoThreadOnly
    boolean hasCompletions();

    /**
     * Requests that were submitted and not completed.
     *
     * @return their number
     */
    @IoThreadOnly
    int outstanding();

    /**
     * How long the IOThread may sleep before the engine wants a look. Called when the IOThread is about to sleep.
     *
     * @return nanoseconds, {@link Long#MAX_VALUE} for no limit
     */
    @IoThreadOnly
    default long maxSleepNanos() {
        return Long.MAX_VALUE;
    }
}
