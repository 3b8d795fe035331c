// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import org.agrona.BitUtil;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Simple replies on their way out, in the order in which requests ended ("Simple reply message"). Confined to the
 * connection's IOThread.
 *
 * <p>Headers and small payloads are copied into one buffer, so that a cycle's replies leave by one system call: copying
 * 4 KiB costs less than an entry of a gathering write. A large payload goes out straight from the buffer that it was read
 * into, behind what the output buffer holds.
 */
@IoThreadOnly
final class ReplyWriter {
    /** From here on a payload is written from where it is. */
    static final int DIRECT = 32 << 10;

    private final Slots slots;
    private final ByteBuffer out;
    private final int[] ring;
    private final ByteBuffer[] pair;

    @ConfinedTo("the connection's IOThread")
    private long head;

    @ConfinedTo("the connection's IOThread")
    private long tail;

    @ConfinedTo("the connection's IOThread")
    private int outStart;

    @ConfinedTo("the connection's IOThread")
    private int outEnd;

    @ConfinedTo("the connection's IOThread")
    private int direct = -1;

    @ConfinedTo("the connection's IOThread")
    private long replies;

    @ConfinedTo("the connection's IOThread")
    private long readBytes;

    @ConfinedTo("the connection's IOThread")
    private long writtenBytes;

    ReplyWriter(Slots slots, int depth, ByteBuffer out) {
        if (out.capacity() < DIRECT + Nbd.REPLY_BYTES) {
            throw new IllegalArgumentException("an output buffer of " + out.capacity() + " bytes is too small");
        }
        this.slots = slots;
        this.out = out;
        this.ring = new int[BitUtil.findNextPositivePowerOfTwo(depth)];
        this.pair = new ByteBuffer[] {out, out};
    }

    /** Queues the reply of a slot; the slot is the writer's until it gives it back. */
    void add(int slot) {
        ring[(int) tail++ & (ring.length - 1)] = slot;
    }

    /** Whether nothing waits to be written. */
    boolean isEmpty() {
        return head == tail && outStart == outEnd && direct < 0;
    }

    /**
     * Writes what there is.
     *
     * @return true if all of it went out, false if the socket takes no more now
     */
    boolean flush(GatheringByteChannel channel) throws IOException {
        while (true) {
            gather();
            if (outStart == outEnd && direct < 0) {
                return true;
            }
            if (!write(channel)) {
                return false;
            }
        }
    }

    private boolean write(GatheringByteChannel channel) throws IOException {
        out.limit(outEnd).position(outStart);
        if (direct < 0) {
            channel.write(out);
        } else {
            channel.write(pair);
        }
        outStart = out.position();
        if (outStart < outEnd) {
            return false;
        }
        outStart = 0;
        outEnd = 0;
        if (direct >= 0) {
            if (pair[1].hasRemaining()) {
                return false;
            }
            slots.release(direct);
            direct = -1;
            pair[1] = out;
        }
        return true;
    }

    /** Moves queued replies into the output buffer as far as there is room, up to a large payload. */
    private void gather() {
        while (head != tail && direct < 0) {
            int slot = ring[(int) head & (ring.length - 1)];
            int payload = slots.isRead(slot) && slots.error(slot) == 0 ? slots.payloadLength(slot) : 0;
            boolean copied = payload < DIRECT;
            if (out.capacity() - outEnd < Nbd.REPLY_BYTES + (copied ? payload : 0)) {
                return;
            }
            head++;
            count(slot, payload);
            out.clear();
            out.putInt(outEnd, Nbd.REPLY_MAGIC);
            out.putInt(outEnd + 4, slots.error(slot));
            out.putLong(outEnd + 8, slots.cookie(slot));
            outEnd += Nbd.REPLY_BYTES;
            if (copied) {
                copy(slot, payload);
            } else {
                sendDirectly(slot, payload);
            }
        }
    }

    private void copy(int slot, int payload) {
        ByteBuffer from = slots.payload(slot);
        if (payload > 0 && from != null) {
            from.clear(); // whoever did the I/O moved position and limit
            out.put(outEnd, from, 0, payload);
            outEnd += payload;
        }
        slots.release(slot);
    }

    private void sendDirectly(int slot, int payload) {
        ByteBuffer from = slots.payload(slot);
        if (from == null) {
            throw new IllegalStateException("a read of " + payload + " bytes has no buffer");
        }
        from.clear().limit(payload);
        pair[1] = from;
        direct = slot;
    }

    private void count(int slot, int payload) {
        replies++;
        readBytes += payload;
        if (slots.isWrite(slot) && slots.error(slot) == 0) {
            writtenBytes += slots.payloadLength(slot);
        }
    }

    /** Hands over what was counted since the last call. */
    void report(ExportCounters counters) {
        if (replies != 0) {
            counters.add(replies, readBytes, writtenBytes);
            replies = 0;
            readBytes = 0;
            writtenBytes = 0;
        }
    }

    /** Drops everything: the socket is gone. */
    void abandon() {
        if (direct >= 0) {
            slots.release(direct);
            direct = -1;
            pair[1] = out;
        }
        while (head != tail) {
            slots.release(ring[(int) head++ & (ring.length - 1)]);
        }
        outStart = 0;
        outEnd = 0;
    }
}
