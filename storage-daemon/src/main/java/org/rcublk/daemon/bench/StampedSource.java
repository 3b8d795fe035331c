// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.rcublk.io.BlockOp;

/**
 * Random reads and writes that are verified. Each job owns every {@code jobs}-th block, so that the clusters of a
 * copy-on-write layer are shared between jobs while each block has one writer that knows what it must hold. No two
 * requests of a job are on one block at the same time: which of them came first would be anybody's guess.
 */
public final class StampedSource implements Source {
    private final StampedDisk disk;
    private final int job;
    private final int jobs;
    private final int writePercent;
    private final SplittableRandom random;
    private final int[] generations;
    private final BitSet busy;

    /**
     * The source of one job.
     *
     * @param disk what all jobs work on
     * @param job the job's number
     * @param jobs how many jobs there are
     * @param depth how many requests the job has in flight at most
     * @param writePercent of a hundred requests, how many write
     * @throws IllegalArgumentException if there are not more blocks for the job than it has requests in flight
     */
    public StampedSource(StampedDisk disk, int job, int jobs, int depth, int writePercent) {
        this.disk = disk;
        this.job = job;
        this.jobs = jobs;
        this.writePercent = writePercent;
        this.random = new SplittableRandom(disk.stamps().seed() + job);
        this.generations = new int[(disk.blocks() - job + jobs - 1) / jobs];
        this.busy = new BitSet(generations.length);
        if (generations.length <= depth) {
            throw new IllegalArgumentException("a verified job needs more blocks than requests in flight, not "
                    + generations.length + " for " + depth);
        }
    }

    @Override
    public boolean next(Slot slot) {
        int own = random.nextInt(generations.length);
        while (busy.get(own)) {
            own = random.nextInt(generations.length);
        }
        busy.set(own);
        boolean writes = random.nextInt(100) < writePercent;
        slot.set(writes ? BlockOp.WRITE : BlockOp.READ, block(own) * disk.blockSize(), own);
        if (writes) {
            disk.stamps().fill(slot.buffer(), 0, disk.blockSize(), block(own), generations[own] + 1);
        }
        return true;
    }

    @Override
    public @Nullable String completed(Slot slot, int status) {
        int own = slot.tag();
        busy.clear(own);
        if (status != 0) {
            return null; // an error is counted as such
        }
        if (slot.op() == BlockOp.WRITE) {
            generations[own]++;
            return null;
        }
        return disk.check(slot.buffer(), block(own), generations[own]);
    }

    private long block(int own) {
        return disk.first() + job + (long) own * jobs;
    }

    /**
     * A source that reads every block of this job once and compares. Only after the job of this one has ended.
     *
     * @return the source
     */
    public Source readBack() {
        return new ReadBack();
    }

    private final class ReadBack implements Source {
        private int cursor;

        @Override
        public boolean next(Slot slot) {
            if (cursor == generations.length) {
                return false;
            }
            slot.set(BlockOp.READ, block(cursor) * disk.blockSize(), cursor);
            cursor++;
            return true;
        }

        @Override
        public @Nullable String completed(Slot slot, int status) {
            int own = slot.tag();
            return status != 0 ? null : disk.check(slot.buffer(), block(own), generations[own]);
        }
    }
}
