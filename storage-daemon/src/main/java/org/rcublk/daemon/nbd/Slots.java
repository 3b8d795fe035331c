// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Virtqueue;

/**
 * What a connection remembers of the requests in the slots of its virtqueue, from header to reply. Confined to the
 * connection's IOThread. A slot is taken when a header is taken, even for a request that is refused: so replies are
 * bounded by slots, and a client that never reads them stops being read.
 */
@IoThreadOnly
final class Slots {
    private final Virtqueue queue;
    private final PayloadPool pool;
    private final PayloadPool.Account account = new PayloadPool.Account();
    private final long[] cookies;
    private final long[] offsets;
    private final long[] lengths;
    private final int[] flags;
    private final int[] errors;
    private final boolean[] flushNext;
    private final BlockOp[] ops;
    private final @Nullable ByteBuffer[] payloads;

    Slots(Virtqueue queue, PayloadPool pool) {
        int depth = queue.depth();
        this.queue = queue;
        this.pool = pool;
        this.cookies = new long[depth];
        this.offsets = new long[depth];
        this.lengths = new long[depth];
        this.flags = new int[depth];
        this.errors = new int[depth];
        this.flushNext = new boolean[depth];
        this.ops = new BlockOp[depth];
        this.payloads = new @Nullable ByteBuffer[depth];
    }

    /** Whether a slot is free. */
    boolean available() {
        return queue.freeSlots() > 0;
    }

    /** Whether no request is anywhere between its header and its reply. */
    boolean idle() {
        return queue.freeSlots() == queue.depth();
    }

    /** A buffer for a payload of a request that is about to be taken; null when the connection has to wait for its own. */
    @Nullable
    ByteBuffer buffer(int bytes) {
        ByteBuffer buffer = pool.take(account, bytes);
        if (buffer != null) {
            buffer.clear().limit(bytes);
        }
        return buffer;
    }

    /** Takes a slot; there is one. */
    int take(long cookie, BlockOp op, int blockFlags, long offset, long length, @Nullable ByteBuffer payload) {
        int slot = queue.acquire();
        cookies[slot] = cookie;
        ops[slot] = op;
        flags[slot] = blockFlags;
        offsets[slot] = offset;
        lengths[slot] = length;
        payloads[slot] = payload;
        errors[slot] = 0;
        // Durability of a discard is not the driver's contract, so a flush after it sees to FUA.
        flushNext[slot] = op == BlockOp.DISCARD && (blockFlags & BlockOp.FLAG_FUA) != 0;
        return slot;
    }

    void submit(int slot) {
        queue.request(slot).attach(payloads[slot], 0);
        queue.submit(slot, ops[slot], flags[slot], offsets[slot], lengths[slot]);
    }

    /**
     * Notes how a request ended.
     *
     * @return true if its reply is due, false if a flush has to follow first and was submitted
     */
    boolean completed(int slot, int status) {
        errors[slot] = Nbd.error(status, ops[slot], flags[slot]);
        if (flushNext[slot] && errors[slot] == 0) {
            flushNext[slot] = false;
            ops[slot] = BlockOp.FLUSH;
            queue.submit(slot, BlockOp.FLUSH, 0, 0, 0);
            return false;
        }
        return true;
    }

    /** Refuses a request that never ran. */
    void fail(int slot, int nbdError) {
        errors[slot] = nbdError;
    }

    int error(int slot) {
        return errors[slot];
    }

    long cookie(int slot) {
        return cookies[slot];
    }

    boolean isRead(int slot) {
        return ops[slot] == BlockOp.READ;
    }

    boolean isWrite(int slot) {
        return ops[slot] == BlockOp.WRITE;
    }

    int payloadLength(int slot) {
        return payloads[slot] == null ? 0 : (int) lengths[slot];
    }

    @Nullable
    ByteBuffer payload(int slot) {
        return payloads[slot];
    }

    /** Gives a slot and its buffer back. */
    void release(int slot) {
        ByteBuffer payload = payloads[slot];
        if (payload != null) {
            payloads[slot] = null;
            pool.give(account, payload);
        }
        queue.free(slot);
    }
}
