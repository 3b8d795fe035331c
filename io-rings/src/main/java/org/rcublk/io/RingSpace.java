// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.rcublk.annotation.AnyThread;

/**
 * How large the rings of a virtqueue are, so that a record of each slot always fits.
 *
 * <p>A reader gives space back at the end of a batch, not after each record. Meanwhile the slots of the records that it
 * has handled may be in use again: a request completes while its submission is read, the producer sees that and submits
 * the slot once more. So a ring holds a record of each slot and those of one batch; besides, the padding that a record
 * leaves where it would wrap, and the header that is cleared behind the last record.
 */
@AnyThread
final class RingSpace {
    /** How many records a reader takes at most before it gives their space back. */
    static final int BATCH = 64;

    private static final int RECORD_HEADER = 2 * Integer.BYTES;

    private RingSpace() {}

    static OneToOneRingBuffer ring(int depth, int payload) {
        int record = BitUtil.align(payload + RECORD_HEADER, RECORD_HEADER);
        int capacity = BitUtil.findNextPositivePowerOfTwo(record * (depth + BATCH + 3));
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }
}
