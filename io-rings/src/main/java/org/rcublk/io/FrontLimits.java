// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.Limits;

/**
 * The arithmetic of a node's limits: which requests a driver takes as they are, and into which pieces others fall. A value.
 *
 * <h2>The end of the disk</h2>
 * A size need not be a multiple of an alignment; the last block is shorter then. A range that ends at the size counts as
 * aligned there, and a driver gets it so: what it gets begins at a multiple, and ends at a multiple or at its size. It is
 * never handed a byte past its size, and no byte of an image is hidden, as rounding the size down would. A driver that can do
 * I/O in whole blocks only presents a size of whole blocks, or fills up the last one itself, as it alone knows how.
 */
@AnyThread
final class FrontLimits {
    /** The largest alignment that is served; bounce buffers and the shared zeroes are no longer than this. */
    static final int MOST = 1 << 20;

    /** Up to this, a range that is not aligned is read or written by way of one bounce buffer, rather than block by block. */
    static final int SMALL = 64 << 10;

    private final long block;
    private final long zeroBlock;
    private final long discardBlock;
    private final long maxTransfer;
    private final long maxZeroes;
    private final long maxDiscard;
    private final long bounceMost;

    /**
     * The limits of a node.
     *
     * @throws GraphException if the alignment is larger than {@link #MOST}
     */
    FrontLimits(String node, Limits limits) {
        if (limits.alignment() > MOST) {
            throw new GraphException("node '" + node + "' has an alignment of " + limits.alignment()
                    + " bytes: at most " + MOST + " are served: choose a smaller one");
        }
        block = limits.alignment();
        zeroBlock = limits.zeroesAlignment();
        discardBlock = limits.discardAlignment();
        maxTransfer = limits.maxTransfer() == 0 ? Long.MAX_VALUE : limits.maxTransfer();
        maxZeroes = limits.maxZeroes() == 0 ? Long.MAX_VALUE : limits.maxZeroes();
        maxDiscard = limits.maxDiscard() == 0 ? Long.MAX_VALUE : limits.maxDiscard();
        bounceMost = Math.max(block, Math.min(SMALL, maxTransfer));
    }

    boolean hasBlocks() {
        return block > 1;
    }

    /** Whether the driver takes a request of an operation, without a look at the size of the disk. */
    boolean takes(BlockOp op, long offset, long length) {
        return switch (op) {
            case READ, WRITE -> fits(offset | length, length, block, maxTransfer);
            case WRITE_ZEROES -> fits(offset | length, length, zeroBlock, maxZeroes);
            case DISCARD -> fits(offset | length, length, discardBlock, maxDiscard);
            case FLUSH -> true;
        };
    }

    /** The same for a range that ends where the disk ends. */
    boolean takesLast(BlockOp op, long offset, long length) {
        return switch (op) {
            case READ, WRITE -> fits(offset, length, block, maxTransfer);
            case WRITE_ZEROES -> fits(offset, length, zeroBlock, maxZeroes);
            case DISCARD -> fits(offset, length, discardBlock, maxDiscard);
            case FLUSH -> true;
        };
    }

    private static boolean fits(long bits, long length, long alignment, long most) {
        return (bits & (alignment - 1)) == 0 && length <= most;
    }

    /** Whether whole blocks of zeroes are all that a range consists of. */
    boolean zeroBlocksOnly(long from, long to, long size) {
        return from % zeroBlock == 0 && (to % zeroBlock == 0 || to == size);
    }

    /** Whether whole blocks are all that a range consists of. */
    boolean blocksOnly(long from, long to, long size) {
        return from % block == 0 && (to % block == 0 || to == size);
    }

    /** Where the block of a position begins. */
    long down(long at) {
        return down(at, block);
    }

    /** Where the last block before a position ends. */
    long up(long at) {
        return up(at, block);
    }

    /** Where what can be discarded of a range begins. */
    long discardFrom(long from) {
        return up(from, discardBlock);
    }

    /** Where what can be discarded of a range ends; not after it begins if nothing can. */
    long discardTo(long to, long size) {
        return to == size ? to : down(to, discardBlock);
    }

    /** How many bytes of what can be discarded go in one request. */
    long discardLength(long from, long to) {
        return Math.min(to - from, maxDiscard);
    }

    /** How many bytes from a position go to the driver as they are; 0 if what comes next has to bounce. */
    long direct(long at, long to, long size) {
        if (at != down(at) || (!blocksOnly(at, to, size) && Math.min(up(to), size) - at <= bounceMost)) {
            return 0;
        }
        return Math.min((to == size ? to : down(to)) - at, maxTransfer);
    }

    /** For what has to bounce: where the bounce buffer's range ends, which begins with the position's block. */
    long bounceTo(long at, long to, long size) {
        long from = down(at);
        long all = Math.min(up(to), size);
        return all - from <= bounceMost ? all : from + block;
    }

    /** The same for zeroes, which bounce block by block: what is between is left to better means. */
    long zeroBounceTo(long at, long size) {
        return Math.min(down(at) + block, size);
    }

    /** Whether the next zeroes share a block with what is not to be zeroed. */
    boolean zeroesBounce(long at, long to, long size) {
        return at != down(at) || (to != size && down(to) <= at);
    }

    /** How many bytes from a position, which is a block's, can be zeroed by the driver; 0 if zeroes have to be written. */
    long zeroes(long at, long to, long size) {
        if (at % zeroBlock != 0) {
            return 0;
        }
        return Math.min((to == size ? to : down(to, zeroBlock)) - at, maxZeroes);
    }

    /** How many bytes of zeroes to write at a position, which is a block's; up to where the driver can go on if it can. */
    long writtenZeroes(long at, long to, long size, boolean driverCan) {
        long end = to == size ? to : down(to);
        long until = driverCan && at % zeroBlock != 0 ? Math.min(end, up(at, zeroBlock)) : end;
        return Math.min(until - at, Math.min(maxTransfer, MOST));
    }

    private static long down(long at, long alignment) {
        return at & -alignment;
    }

    private static long up(long at, long alignment) {
        return (at + alignment - 1) & -alignment;
    }
}
