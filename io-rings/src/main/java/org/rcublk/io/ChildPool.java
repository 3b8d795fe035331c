// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Child requests of one IOThread. The reserve is children's alone, and it grows rather than refuses: a parent that waits
 * for a child never waits for another parent, so nesting cannot deadlock. Growth is bounded by requests in flight times
 * the depth of the chain.
 */
@IoThreadOnly
final class ChildPool {
    private static final int RESERVE = 64;

    private final IoThread thread;

    @ConfinedTo("the pool's IOThread")
    private @Nullable Request free;

    @AnyThread
    ChildPool(IoThread thread) {
        this.thread = thread;
        for (int i = 0; i < RESERVE; i++) {
            free = new Request(thread, free);
        }
    }

    Request acquire() {
        Request first = free;
        if (first == null) {
            return new Request(thread, null);
        }
        free = first.next;
        first.next = null;
        return first;
    }

    void release(Request child) {
        child.parent = null;
        child.forkedBy = null;
        child.buffer = null;
        child.at = null;
        child.next = free;
        free = child;
    }
}
