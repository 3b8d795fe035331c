// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.RequiresReadSection;

/** What a storage worker runs for a request: plain blocking I/O, off the IOThread. */
public interface StorageTarget {
    /**
     * Does the request's I/O and waits for it. Called on a storage worker, which owns the request meanwhile; must not
     * complete it, and must not wait for a grace period, which would wait for this request.
     *
     * @param request operation, offset, length and buffer
     * @return the status: 0 or a negated {@link Errno}
     */
    @GlobalState
    @RequiresReadSection
    int perform(Request request);

    /**
     * What keeps this target from occupying every storage worker when its disk hangs.
     *
     * @return always the same share, the target's own; null for a target that cannot hang
     */
    @AnyThread
    default @Nullable TargetShare share() {
        return null;
    }
}
