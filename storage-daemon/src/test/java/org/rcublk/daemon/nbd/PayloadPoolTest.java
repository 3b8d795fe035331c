// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.rcublk.daemon.nbd.PayloadPool.Account;

class PayloadPoolTest {
    private static final int LARGE = 1 << 20;

    @Test
    void roundsUpToAClassAndReusesTheLastBuffer() {
        PayloadPool pool = new PayloadPool(10 * LARGE, 10 * LARGE);
        Account account = new Account();
        assertEquals(4096, taken(pool, account, 1).capacity());
        assertEquals(4096, taken(pool, account, 4096).capacity());
        assertEquals(8192, taken(pool, account, 4097).capacity());
        assertEquals(32 << 20, taken(pool, new Account(), 32 << 20).capacity());
        ByteBuffer buffer = taken(pool, account, 5000);
        pool.give(account, buffer);
        assertSame(buffer, pool.take(account, 8000));
    }

    @Test
    void aConnectionThatHoldsNothingAlwaysGetsABuffer() {
        PayloadPool pool = new PayloadPool(LARGE, 0);
        Account greedy = new Account();
        assertNotNull(pool.take(greedy, LARGE));
        assertNull(pool.take(greedy, LARGE), "the pool's limit");
        assertNotNull(pool.take(greedy, PayloadPool.SMALL), "small ones are bounded by slots");
        assertNotNull(pool.take(new Account(), LARGE), "another connection goes on");
    }

    @Test
    void oneConnectionIsBounded() {
        PayloadPool pool = new PayloadPool(Long.MAX_VALUE, 0);
        Account account = new Account();
        ByteBuffer first = taken(pool, account, (int) Account.LIMIT / 2);
        assertNotNull(pool.take(account, (int) Account.LIMIT / 2));
        assertNull(pool.take(account, 1));
        pool.give(account, first);
        assertNotNull(pool.take(account, 1));
    }

    @Test
    void keepsNoMoreThanItMay() {
        PayloadPool pool = new PayloadPool(10 * LARGE, LARGE);
        Account account = new Account();
        ByteBuffer kept = taken(pool, account, LARGE);
        ByteBuffer dropped = taken(pool, account, LARGE);
        pool.give(account, kept);
        pool.give(account, dropped);
        assertEquals(0, pool.used());
        assertEquals(0, account.held());
        assertSame(kept, pool.take(account, LARGE));
        assertEquals(LARGE, pool.used());
    }

    private static ByteBuffer taken(PayloadPool pool, Account account, int bytes) {
        ByteBuffer buffer = pool.take(account, bytes);
        assertNotNull(buffer);
        return buffer;
    }
}
