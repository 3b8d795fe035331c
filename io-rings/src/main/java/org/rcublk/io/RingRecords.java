// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.rcublk.annotation.AnyThread;

/**
 * The records of a virtqueue's rings, in bytes from the start of the record.
 *
 * <pre>
 * submission   0 opcode | 4 flags | 8 offset | 16 length | 24 slot
 * completion   0 slot   | 4 status
 * </pre>
 */
@AnyThread
final class RingRecords {
    static final int SUBMISSION_BYTES = 28;
    static final int COMPLETION_BYTES = 8;
    private static final int SUBMISSION = 1;
    private static final int COMPLETION = 2;

    private RingRecords() {}

    /** False if there is no room. */
    static boolean submit(RingBuffer ring, int slot, BlockOp op, int flags, long offset, long length) {
        int at = ring.tryClaim(SUBMISSION, SUBMISSION_BYTES);
        if (at < 0) {
            return false;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putInt(at, op.opcode());
        buffer.putInt(at + 4, flags);
        buffer.putLong(at + 8, offset);
        buffer.putLong(at + 16, length);
        buffer.putInt(at + 24, slot);
        ring.commit(at);
        return true;
    }

    static int submittedSlot(DirectBuffer buffer, int at) {
        return buffer.getInt(at + 24);
    }

    static void read(DirectBuffer buffer, int at, Request into) {
        into.op = BlockOp.of(buffer.getInt(at));
        into.flags = buffer.getInt(at + 4);
        into.offset = buffer.getLong(at + 8);
        into.length = buffer.getLong(at + 16);
    }

    /** False if there is no room. */
    static boolean complete(RingBuffer ring, int slot, int status) {
        int at = ring.tryClaim(COMPLETION, COMPLETION_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putInt(at, slot);
        ring.buffer().putInt(at + 4, status);
        ring.commit(at);
        return true;
    }

    static int completedSlot(DirectBuffer buffer, int at) {
        return buffer.getInt(at);
    }

    static int status(DirectBuffer buffer, int at) {
        return buffer.getInt(at + 4);
    }
}
