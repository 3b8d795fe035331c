// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * What requests a node's driver takes. What is larger is split, and what is not aligned is read, changed and written back
 * by the block layer before the driver sees it. All in bytes. A value; safe on any thread.
 *
 * @param alignment reads and writes begin and end at multiples of it: a power of two from 1 to {@value #MAX_ALIGNMENT}
 * @param maxTransfer how long a read or write may be: a multiple of the alignment, or 0 for any length
 * @param zeroesAlignment write-zeroes requests begin and end at multiples of it: a multiple of the alignment, a power of
 *     two
 * @param maxZeroes how long a write-zeroes request may be: a multiple of {@code zeroesAlignment}, or 0 for any length
 * @param discardAlignment what is smaller than this, or sticks out, cannot be discarded: a power of two
 * @param maxDiscard how long a discard may be: a multiple of {@code discardAlignment}, or 0 for any length
 */
@AnyThread
public record Limits(
        int alignment, int maxTransfer, int zeroesAlignment, long maxZeroes, int discardAlignment, long maxDiscard) {
    /** The largest alignment: 1 GiB. */
    public static final int MAX_ALIGNMENT = 1 << 30;

    /** Takes everything: byte-aligned, of any length. */
    public static final Limits NONE = new Limits(1, 0, 1, 0, 1, 0);

    /**
     * Checks the numbers against each other.
     *
     * @throws GraphException when an alignment is no power of two or too large, or when a maximum is no multiple of it
     */
    public Limits {
        require("alignment", alignment, maxTransfer);
        require("write-zeroes alignment", zeroesAlignment, maxZeroes);
        require("discard alignment", discardAlignment, maxDiscard);
        if (zeroesAlignment % alignment != 0) {
            throw new GraphException("write-zeroes alignment " + zeroesAlignment + " is no multiple of the alignment "
                    + alignment + ": choose a larger one");
        }
    }

    /**
     * Limits of reads and writes that hold for zeroes too; discards of any range.
     *
     * @param alignment bytes, a power of two
     * @param maxTransfer bytes, or 0 for any length
     * @return the limits
     * @throws GraphException as the constructor does
     */
    public static Limits of(int alignment, int maxTransfer) {
        return new Limits(alignment, maxTransfer, alignment, 0, 1, 0);
    }

    /**
     * The limits of a node over a child: the smaller of each maximum, in multiples of the node's alignment and no less than
     * that; and the node's own alignments. A child with larger blocks, or a maximum that is smaller than a block of the
     * node, sees to that itself: each node's requests are made fit for its own driver.
     *
     * @param child the limits of a child that takes the node's requests
     * @return what requests the node takes without their being split twice
     */
    public Limits over(Limits child) {
        return new Limits(
                alignment,
                (int) smaller(maxTransfer, child.maxTransfer, alignment),
                zeroesAlignment,
                smaller(maxZeroes, child.maxZeroes, zeroesAlignment),
                discardAlignment,
                smaller(maxDiscard, child.maxDiscard, discardAlignment));
    }

    private static long smaller(long own, long below, int alignment) {
        if (below == 0) {
            return own;
        }
        long rounded = Math.max(alignment, below - below % alignment);
        return own == 0 ? rounded : Math.min(own, rounded);
    }

    private static void require(String what, int alignment, long max) {
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
            throw new GraphException(
                    what + " " + alignment + " is no power of two from 1 to " + MAX_ALIGNMENT + ": correct the driver");
        }
        if (max < 0 || max % alignment != 0) {
            throw new GraphException("a maximum of " + max + " bytes is no multiple of the " + what + " " + alignment
                    + ": correct the driver");
        }
    }
}
