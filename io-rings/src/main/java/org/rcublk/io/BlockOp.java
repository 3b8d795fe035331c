// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;

/** What a request asks for. It travels in a submission record by its opcode. */
@AnyThread
public enum BlockOp {
    /** Read into the request's buffer. */
    READ(0),
    /** Write the request's buffer. */
    WRITE(1),
    /** Make every write that was acknowledged before durable. */
    FLUSH(2),
    /** Advise that a range is no longer needed. What it reads as afterwards is defined by the driver. */
    DISCARD(3),
    /** Make a range read as zeroes. */
    WRITE_ZEROES(4);

    private static final BlockOp[] BY_OPCODE = {READ, WRITE, FLUSH, DISCARD, WRITE_ZEROES};

    /** Request flag: the write is durable when it is acknowledged (force unit access). */
    public static final int FLAG_FUA = 1;

    /** Request flag of {@link #WRITE_ZEROES}: the range may be deallocated. */
    public static final int FLAG_MAY_UNMAP = 1 << 1;

    /** Request flag of {@link #WRITE_ZEROES}: fail with {@link Errno#ENOTSUP} rather than write zeroes slowly. */
    public static final int FLAG_NO_FALLBACK = 1 << 2;

    private final int opcode;

    BlockOp(int opcode) {
        this.opcode = opcode;
    }

    /**
     * The number that stands for the operation in a submission record.
     *
     * @return the opcode
     */
    public int opcode() {
        return opcode;
    }

    /**
     * The operation with an opcode, without allocation.
     *
     * @param opcode from {@link #opcode}
     * @return the operation
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    public static BlockOp of(int opcode) {
        return BY_OPCODE[opcode];
    }

    /**
     * Whether the operation changes the disk.
     *
     * @return true for writes, discards and zeroes
     */
    public boolean modifies() {
        return this == WRITE || this == DISCARD || this == WRITE_ZEROES;
    }

    /**
     * Whether the request's buffer holds its payload.
     *
     * @return true for reads and writes
     */
    public boolean hasPayload() {
        return this == READ || this == WRITE;
    }
}
