// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.nio.ByteBuffer;
import org.rcublk.io.BlockOp;

/** One request of a job, reused: what a {@link Source} fills in and looks at. Confined to the job's thread. */
public final class Slot {
    private final ByteBuffer buffer;
    private BlockOp op = BlockOp.READ;
    private long offset;
    private int tag;
    long submitNanos;

    Slot(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * The payload's memory, exactly one block, in little-endian order.
     *
     * @return the slot's own buffer
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Says what the request does.
     *
     * @param newOp read or write
     * @param newOffset bytes from the device's start
     * @param newTag a number for the source's own use
     */
    public void set(BlockOp newOp, long newOffset, int newTag) {
        op = newOp;
        offset = newOffset;
        tag = newTag;
    }

    /**
     * What the request does.
     *
     * @return read or write
     */
    public BlockOp op() {
        return op;
    }

    /**
     * Where.
     *
     * @return bytes from the device's start
     */
    public long offset() {
        return offset;
    }

    /**
     * The source's own number.
     *
     * @return what was set
     */
    public int tag() {
        return tag;
    }
}
