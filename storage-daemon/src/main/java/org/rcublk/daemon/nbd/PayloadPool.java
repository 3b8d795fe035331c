// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Direct buffers of the connections of one IOThread, in classes of powers of two. Confined to that IOThread.
 *
 * <p>Bound. A connection holds at most {@link Account#LIMIT} bytes of payload, and it always gets a buffer when it holds
 * none: so a request that has to wait waits for requests of its own connection only, and neither a client that dawdles
 * nor one that never reads its replies can keep another from going on. Beyond {@code limit} bytes in use, a connection
 * that holds some gets small buffers only, and their number is bounded by its slots.
 *
 * <p>What comes back is kept for the next request up to {@code keep} bytes; the last used is the first to be used again,
 * because it is in the cache.
 */
@IoThreadOnly
final class PayloadPool {
    static final int SMALL = 64 << 10;
    private static final int MIN_SHIFT = 12;
    private static final int CLASSES = 14; // 4 KiB to 32 MiB
    private static final long LIMIT = 256L << 20;
    private static final long KEEP = 64L << 20;

    private final ByteBuffer[][] free = new ByteBuffer[CLASSES][];
    private final int[] count = new int[CLASSES];
    private final long limit;
    private final long keep;
    private final AtomicLong used = new AtomicLong(); // written by the IOThread alone, opaquely for reports

    @ConfinedTo("the connection's IOThread")
    private long kept;

    PayloadPool() {
        this(LIMIT, KEEP);
    }

    PayloadPool(long limit, long keep) {
        this.limit = limit;
        this.keep = keep;
        for (int i = 0; i < CLASSES; i++) {
            free[i] = new ByteBuffer[8];
        }
    }

    /** What one connection holds. */
    static final class Account {
        static final long LIMIT = 64L << 20;

        @ConfinedTo("the connection's IOThread")
        private long held;

        /** Bytes that the connection has in use. */
        long held() {
            return held;
        }
    }

    /**
     * Takes a buffer.
     *
     * @param account the connection's
     * @param bytes how many it needs, 1 to 32 MiB
     * @return a buffer of at least as many bytes, or null: try again when the connection has given one back
     * @throws OutOfMemoryError if the JVM has no direct memory left
     */
    @Nullable
    ByteBuffer take(Account account, int bytes) {
        int sizeClass = sizeClass(bytes);
        int size = 1 << (MIN_SHIFT + sizeClass);
        boolean refused = account.held + size > Account.LIMIT || (size > SMALL && used.getPlain() + size > limit);
        if (refused && account.held > 0) {
            return null;
        }
        ByteBuffer buffer;
        if (count[sizeClass] > 0) {
            buffer = free[sizeClass][--count[sizeClass]];
            kept -= size;
        } else {
            buffer = ByteBuffer.allocateDirect(size);
        }
        used.setOpaque(used.getPlain() + size);
        account.held += size;
        return buffer;
    }

    /** Takes back a buffer that {@link #take} gave. */
    void give(Account account, ByteBuffer buffer) {
        int size = buffer.capacity();
        used.setOpaque(used.getPlain() - size);
        account.held -= size;
        if (kept + size > keep) {
            return; // the garbage collector frees it
        }
        int sizeClass = sizeClass(size);
        ByteBuffer[] stack = free[sizeClass];
        if (count[sizeClass] == stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
            free[sizeClass] = stack;
        }
        stack[count[sizeClass]++] = buffer;
        kept += size;
    }

    /** Bytes in use by all connections; 0 when all are gone, or something leaks. */
    @AnyThread
    long used() {
        return used.getOpaque();
    }

    private static int sizeClass(int bytes) {
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1) - MIN_SHIFT);
    }
}
