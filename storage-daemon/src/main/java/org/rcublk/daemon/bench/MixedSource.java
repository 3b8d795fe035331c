// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.rcublk.io.BlockOp;

/** Reads and writes, at random or in order, without a look at the data. In order, each job has a range of its own. */
public final class MixedSource implements Source {
    private final SplittableRandom random;
    private final boolean inOrder;
    private final int writePercent;
    private final int blockSize;
    private final long first;
    private final long blocks;
    private long cursor;

    private MixedSource(long seed, boolean inOrder, int writePercent, int blockSize, long first, long blocks) {
        this.random = new SplittableRandom(seed);
        this.inOrder = inOrder;
        this.writePercent = writePercent;
        this.blockSize = blockSize;
        this.first = first;
        this.blocks = blocks;
    }

    /**
     * Requests at random places of the first {@code size} bytes.
     *
     * @param seed which random numbers
     * @param writePercent of a hundred requests, how many write
     * @param blockSize bytes a request
     * @param size bytes, a block or more
     * @return the source
     */
    public static MixedSource random(long seed, int writePercent, int blockSize, long size) {
        return new MixedSource(seed, false, writePercent, blockSize, 0, size / blockSize);
    }

    /**
     * Requests in order, over and over, in one of the equal ranges that the jobs have.
     *
     * @param seed which random numbers, for the choice between reads and writes
     * @param writePercent of a hundred requests, how many write
     * @param blockSize bytes a request
     * @param size bytes of all ranges together, a block or more for each job
     * @param job the job's number
     * @param jobs how many jobs there are
     * @return the source
     */
    public static MixedSource inOrder(long seed, int writePercent, int blockSize, long size, int job, int jobs) {
        long share = size / blockSize / jobs;
        return new MixedSource(seed, true, writePercent, blockSize, job * share, share);
    }

    @Override
    public boolean next(Slot slot) {
        long block = inOrder ? cursor++ % blocks : random.nextLong(blocks);
        BlockOp op = writes() ? BlockOp.WRITE : BlockOp.READ;
        slot.set(op, (first + block) * blockSize, 0);
        if (op == BlockOp.WRITE) {
            slot.buffer().putLong(0, cursor ^ block); // not the same block twice, for storage that looks for that
        }
        return true;
    }

    private boolean writes() {
        return writePercent == 100 || (writePercent > 0 && random.nextInt(100) < writePercent);
    }

    @Override
    public @Nullable String completed(Slot slot, int status) {
        return null;
    }
}
