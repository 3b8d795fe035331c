// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rcublk.graph.Publication;

/**
 * From the threads that publish to the one that writes. Offering is lock-free and bounded in memory.
 *
 * <p>When it is full, the publication with the highest number of those that did not fit is kept, in a place of its own: so
 * the version in service is written once the writer goes on, and the gap lies before it.
 *
 * <p>{@code count} counts what is in {@code queue} or about to be: raised before an insertion, lowered after a removal.
 */
final class HandOff {
    private final int capacity;
    private final ConcurrentLinkedQueue<Published> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Published> newest = new AtomicReference<>();

    HandOff(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A publication and when it was told.
     *
     * @param publication the publication
     * @param time by the wall clock
     * @param nanos by {@link System#nanoTime}
     */
    record Published(Publication publication, Instant time, long nanos) {
        long version() {
            return publication.version();
        }
    }

    /** Any thread. */
    void offer(Published published) {
        if (count.getAndIncrement() < capacity) {
            queue.add(published);
        } else {
            count.getAndDecrement();
            newest.accumulateAndGet(published, HandOff::higher);
        }
    }

    /** What is there. The writer only. */
    List<Published> takeAll() {
        List<Published> taken = new ArrayList<>();
        // No more than fits: publishers that never pause must not keep the writer here.
        for (int i = 0; i < capacity; i++) {
            Published next = queue.poll();
            if (next == null) {
                break;
            }
            count.getAndDecrement();
            taken.add(next);
        }
        Published over = newest.getAndSet(null);
        if (over != null) {
            taken.add(over);
        }
        return taken;
    }

    private static @Nullable Published higher(@Nullable Published a, @Nullable Published b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.version() >= b.version() ? a : b;
    }
}
