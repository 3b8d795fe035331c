// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounce buffers: large enough, used again, given back, and never waited for. */
class BouncePoolTest {
    private final long before = BouncePool.takenBytes();
    private final BouncePool pool = new BouncePool(Long.MAX_VALUE);

    @Test
    void aBufferIsLargeEnoughAndLessThanTwiceThat() {
        for (int length = 1; length <= FrontLimits.MOST; length = length * 3 / 2 + 1) {
            int capacity = pool.take(length).capacity();
            assertTrue(
                    capacity >= length && capacity < 2 * Math.max(length, BouncePool.SMALLEST),
                    length + " " + capacity);
        }
        assertEquals(FrontLimits.MOST, pool.take(FrontLimits.MOST).capacity());
        assertEquals(4096, pool.take(4096).capacity());
        assertEquals(8192, pool.take(4097).capacity());
    }

    @Test
    void whatIsGivenBackIsUsedAgainAndNotAllOfItIsKept() {
        ByteBuffer first = pool.take(5000);
        pool.give(first);
        assertSame(first, pool.take(8192));
        List<ByteBuffer> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(pool.take(64 << 10));
        }
        assertEquals(before + 8192 + 100 * (64L << 10), BouncePool.takenBytes());
        many.forEach(pool::give);
        assertEquals(BouncePool.KEPT, pool.idleBytes());
        assertEquals(before + 8192 + BouncePool.KEPT, BouncePool.takenBytes());
        pool.clear();
        assertEquals(before + 8192, BouncePool.takenBytes());
        pool.give(first);
    }

    @Test
    void pastTheBudgetTheHeapServes() {
        BouncePool small = new BouncePool(before + 4096);
        ByteBuffer direct = small.take(1);
        ByteBuffer heap = small.take(1);
        assertTrue(direct.isDirect());
        assertFalse(heap.isDirect());
        small.give(heap);
        small.give(direct);
        assertSame(direct, small.take(1));
        assertFalse(small.take(1).isDirect(), "what was of the heap is not kept");
    }
}
