// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * What the fronts of an IOThread draw on. As with children, it grows rather than refuses, within the requests in flight: a
 * request that is worked off waits for no other that wants the same.
 */
@IoThreadOnly
final class FrontPool {
    private final BouncePool bounce = new BouncePool();

    @ConfinedTo("the pool's IOThread")
    private @Nullable FrontWork free;

    @AnyThread
    FrontPool() {}

    BouncePool bounce() {
        return bounce;
    }

    FrontWork acquire() {
        FrontWork first = free;
        if (first == null) {
            return new FrontWork();
        }
        free = first.nextFree;
        first.nextFree = null;
        return first;
    }

    void release(FrontWork work) {
        work.reset(bounce);
        work.nextFree = free;
        free = work;
    }
}
