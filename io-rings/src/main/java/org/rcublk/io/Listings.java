// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Arrays;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Where a request is listed: its slot at each node on its way that tracks it. Numbers and no references, since storing a
 * reference into an old object costs the collector's barrier. Confined to the request's IOThread.
 */
@IoThreadOnly
final class Listings {
    private static final int USUAL_DEPTH = 2;

    /** Tracker and slot, the innermost node's last. */
    @ConfinedTo("the request's IOThread")
    private long[] at = new long[USUAL_DEPTH];

    @ConfinedTo("the request's IOThread")
    private int count;

    @AnyThread
    Listings() {}

    /**
     * Notes a slot.
     *
     * @throws IllegalStateException if the request is listed by this tracker
     */
    void add(int tracker, int slot) {
        if (count > 0 && find(tracker) >= 0) {
            throw new IllegalStateException("a request begins at a node that tracks it already: end it there first");
        }
        if (count == at.length) {
            at = Arrays.copyOf(at, 2 * count);
        }
        at[count++] = (long) tracker << Integer.SIZE | slot;
    }

    /**
     * Forgets a slot.
     *
     * @return the slot
     * @throws IllegalStateException if the request is not listed by this tracker
     */
    int remove(int tracker) {
        int found = find(tracker);
        if (found < 0) {
            throw new IllegalStateException(
                    "a request ends at a node that does not track it: it has ended, or not begun");
        }
        int slot = (int) at[found];
        count--;
        System.arraycopy(at, found + 1, at, found, count - found);
        return slot;
    }

    private int find(int tracker) {
        for (int i = count - 1; i >= 0; i--) {
            if ((int) (at[i] >>> Integer.SIZE) == tracker) {
                return i;
            }
        }
        return -1;
    }
}
