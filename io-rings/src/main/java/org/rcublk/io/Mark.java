// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * What a slot's word says of a listed request: its place in the order, and who waits there. Immutable, so that one
 * compare-and-set replaces both; null stands for an undecided ordinary request at which nobody waits.
 *
 * @param ticket its place in the order, or {@link #UNDECIDED}
 * @param serialising whether the request is
 * @param waiter who pushed this mark, or null
 * @param next the mark that was there before, if somebody waits there
 */
@AnyThread
record Mark(
        long ticket,
        boolean serialising,
        @Nullable Suspended waiter,
        @Nullable Mark next) {
    static final long UNDECIDED = 0;

    /** A serialising request that is listed and draws its ticket. */
    static final Mark CHOOSING = new Mark(UNDECIDED, true, null, null);

    /** The word once one more waits at it. */
    static Mark waitedAtBy(Suspended waiter, @Nullable Mark before) {
        return before == null
                ? new Mark(UNDECIDED, false, waiter, null)
                : new Mark(before.ticket, before.serialising, waiter, before);
    }

    /** Releases all that wait; whoever took the mark off its word does that, once. */
    void releaseAll() {
        for (Mark mark = this; mark != null; mark = mark.next) {
            if (mark.waiter != null) {
                mark.waiter.release();
            }
        }
    }
}
