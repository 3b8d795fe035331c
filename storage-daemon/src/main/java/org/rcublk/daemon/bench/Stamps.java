// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.nio.ByteBuffer;

/**
 * Blocks whose content says what it is: every 8 bytes depend on the seed, the block's number and its generation (how
 * often it was written), so that a lost, torn, misplaced or stale block shows. Buffers are in little-endian order.
 *
 * <pre>
 * 0 block number | 8 generation | 16... a sequence that both of them and the seed start
 * </pre>
 *
 * @param seed tells one run's blocks from another's
 */
public record Stamps(long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int HEAD = 2 * Long.BYTES;

    /** The smallest block that has room for a stamp, in bytes. */
    public static final int MIN_BLOCK = 32;

    /**
     * Writes a block's content.
     *
     * @param buffer gets it
     * @param at where in the buffer
     * @param length bytes, a multiple of 8
     * @param block the block's number
     * @param generation how often it has been written
     */
    public void fill(ByteBuffer buffer, int at, int length, long block, long generation) {
        buffer.putLong(at, block);
        buffer.putLong(at + Long.BYTES, generation);
        long word = start(block, generation);
        for (int i = at + HEAD; i < at + length; i += Long.BYTES) {
            buffer.putLong(i, word);
            word += GOLDEN;
        }
    }

    /**
     * Whether a buffer holds exactly this block's content.
     *
     * @param buffer what was read
     * @param at where in the buffer
     * @param length bytes, a multiple of 8
     * @param block the block's number
     * @param generation how often it has been written
     * @return true if every byte is right
     */
    public boolean matches(ByteBuffer buffer, int at, int length, long block, long generation) {
        long wrong = (buffer.getLong(at) ^ block) | (buffer.getLong(at + Long.BYTES) ^ generation);
        long word = start(block, generation);
        for (int i = at + HEAD; i < at + length; i += Long.BYTES) {
            wrong |= buffer.getLong(i) ^ word;
            word += GOLDEN;
        }
        return wrong == 0;
    }

    /**
     * Whether a buffer holds zeroes only.
     *
     * @param buffer what was read
     * @param at where in the buffer
     * @param length bytes, a multiple of 8
     * @return true if every byte is zero
     */
    public static boolean zero(ByteBuffer buffer, int at, int length) {
        long wrong = 0;
        for (int i = at; i < at + length; i += Long.BYTES) {
            wrong |= buffer.getLong(i);
        }
        return wrong == 0;
    }

    private long start(long block, long generation) {
        long mixed = (seed ^ block * GOLDEN ^ Long.rotateLeft(generation, 32)) * 0xBF58476D1CE4E5B9L;
        return mixed ^ (mixed >>> 31);
    }
}
