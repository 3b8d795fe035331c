// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.SplittableRandom;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Limits;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * A disk in memory that takes whole blocks only, and takes its time over writes: between what a write of part of a block
 * has read and what it puts back, others have room to come in between.
 */
public final class SlowBlocks extends BlockDriver {
    private final byte[] data;
    private final int block;
    private final long seed;
    private final long atMostNanos;

    public SlowBlocks(int size, int block, long seed, long atMostNanos) {
        this.data = new byte[size];
        this.block = block;
        this.seed = seed;
        this.atMostNanos = atMostNanos;
    }

    @Override
    public String driverName() {
        return "slow-blocks";
    }

    @Override
    public long size(PlanNode self) {
        return data.length;
    }

    @Override
    public Limits limits(BlockNode self) {
        return Limits.of(block, 0);
    }

    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return Set.of(Capability.FUA);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        long end = request.offset() + request.length();
        boolean range = request.op() == BlockOp.READ || request.op() == BlockOp.WRITE;
        if (range && (request.offset() % block != 0 || (end % block != 0 && end != data.length))) {
            return -Errno.EINVAL;
        }
        if (request.op() == BlockOp.WRITE) {
            request.startTimer(new SplittableRandom(seed ^ request.offset()).nextLong(atMostNanos));
        } else {
            finish(request);
        }
        return 0;
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        finish(request);
    }

    /** Nothing orders two requests for one block but what stands before this driver, which is what is tried. */
    private void finish(Request request) {
        int at = (int) request.offset();
        int length = (int) request.length();
        ByteBuffer bytes = request.op().hasPayload() ? request.buffer().clear() : null;
        if (request.op() == BlockOp.WRITE) {
            bytes.get(request.bufferOffset(), data, at, length);
        } else if (request.op() == BlockOp.READ) {
            bytes.put(request.bufferOffset(), data, at, length);
        }
        request.complete(0);
    }

    @Override
    public void flush() {
        // as durable as it gets
    }

    @Override
    public void close() {
        // owns nothing
    }
}
