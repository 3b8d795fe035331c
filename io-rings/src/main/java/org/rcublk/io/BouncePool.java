// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Bounce buffers of one IOThread, in sizes that are powers of two.
 *
 * <p>A buffer is never waited for, so none can be waited for in a circle: when none is left, one is made. A request has at
 * most one at a time, which bounds them by the requests in flight. What is idle is kept up to {@value #KEPT} bytes for the
 * next; the rest goes to the garbage collector.
 *
 * <p>All IOThreads together take direct memory up to a budget, 1/16 of what the JVM has by default. The JVM's own limit is
 * no place to go: an allocation that fails there waits for garbage collections first. Past the budget a buffer is of the
 * heap, which storage serves as well, with one more copy.
 */
@IoThreadOnly
final class BouncePool {
    static final int SMALLEST = 4 << 10;
    static final int KEPT = 1 << 20;

    private static final int SIZES = Integer.numberOfTrailingZeros(FrontLimits.MOST / SMALLEST) + 1;
    private static final AtomicLong TAKEN = new AtomicLong();

    private final long budget;
    private final List<ArrayDeque<ByteBuffer>> idle = new ArrayList<>();

    @ConfinedTo("the pool's IOThread")
    private long idleBytes;

    @AnyThread
    BouncePool() {
        this(Runtime.getRuntime().maxMemory() / 16);
    }

    /** For tests: with a budget for all pools of its own. */
    @AnyThread
    BouncePool(long budget) {
        this.budget = budget;
        for (int i = 0; i < SIZES; i++) {
            idle.add(new ArrayDeque<>(KEPT / (SMALLEST << i) + 1)); // giving back allocates nothing
        }
    }

    /** A buffer of at least so many bytes, at most {@link FrontLimits#MOST}; its content is anybody's. */
    ByteBuffer take(int length) {
        int size = sizeOf(length);
        ByteBuffer kept = idle.get(size).poll();
        if (kept != null) {
            idleBytes -= kept.capacity();
            return kept;
        }
        return make(SMALLEST << size);
    }

    void give(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return;
        }
        if (idleBytes + buffer.capacity() > KEPT) {
            TAKEN.getAndAdd(-buffer.capacity());
            return;
        }
        idle.get(sizeOf(buffer.capacity())).push(buffer);
        idleBytes += buffer.capacity();
    }

    /** Keeps nothing any more. */
    void clear() {
        TAKEN.getAndAdd(-idleBytes);
        idleBytes = 0;
        idle.forEach(ArrayDeque::clear);
    }

    long idleBytes() {
        return idleBytes;
    }

    /** Direct memory of all pools. */
    @AnyThread
    static long takenBytes() {
        return TAKEN.get();
    }

    private ByteBuffer make(int bytes) {
        if (TAKEN.addAndGet(bytes) > budget) {
            TAKEN.getAndAdd(-bytes);
            return ByteBuffer.allocate(bytes);
        }
        boolean made = false;
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
            made = true;
            return buffer;
        } finally {
            if (!made) {
                TAKEN.getAndAdd(-bytes);
            }
        }
    }

    private static int sizeOf(int length) {
        int least = Math.max(length, SMALLEST);
        return Integer.SIZE - Integer.numberOfLeadingZeros((least - 1) / SMALLEST);
    }
}
