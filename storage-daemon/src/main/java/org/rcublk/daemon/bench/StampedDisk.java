// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a disk that a verified load works on.
 *
 * @param stamps what the blocks hold
 * @param blockSize bytes a block and a request
 * @param first the number of the first block of the part
 * @param blocks how many blocks the part has
 * @param stamped blocks with a number below this one hold generation 0 before the first write, the others zeroes
 */
public record StampedDisk(Stamps stamps, int blockSize, long first, int blocks, long stamped) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a block has no room for a stamp, or is no multiple of 8 bytes
     */
    public StampedDisk {
        if (blockSize < Stamps.MIN_BLOCK || blockSize % Long.BYTES != 0) {
            throw new IllegalArgumentException("blocks of " + blockSize + " bytes have no room for a stamp");
        }
    }

    /** What is wrong with a block that was read, or null. */
    @Nullable
    String check(ByteBuffer buffer, long block, int generation) {
        if (generation == 0 && block >= stamped) {
            return Stamps.zero(buffer, 0, blockSize) ? null : wrong(buffer, block, "zeroes");
        }
        return stamps.matches(buffer, 0, blockSize, block, generation)
                ? null
                : wrong(buffer, block, "write " + generation + " of it");
    }

    private String wrong(ByteBuffer buffer, long block, String expected) {
        String found = Stamps.zero(buffer, 0, blockSize)
                ? "zeroes"
                : "what begins as write " + buffer.getLong(Long.BYTES) + " of block " + buffer.getLong(0);
        return "block " + block + " (offset " + block * blockSize + ") holds " + found + " instead of " + expected;
    }
}
