// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.rcublk.graph.BlockNode;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.Virtqueue;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReaderIndex;

/** Flushes that are left out because there is nothing to flush, guarantee K. */
public final class FlushTests {
    private static final ReaderIndex OTHER = ReaderIndex.acquire();

    private FlushTests() {}

    /** A disk with a cache that loses what no flush of its driver came after. */
    private static final class CachingDisk extends TestDisk {
        private volatile int cached;
        private volatile int durable;

        CachingDisk() {
            super(() -> {});
        }

        @Override
        public Set<Capability> capabilities(BlockNode self) {
            return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        }

        @Override
        public int submit(PlanNode self, Request request) {
            if (request.op() == BlockOp.WRITE) {
                cached = 1;
            } else if (cached == 1) {
                durable = 1;
            } else {
                Stalls.hold();
            }
            request.complete(0);
            return 0;
        }
    }

    /**
     * A write is acknowledged and then flushed on one IOThread, while another one flushes the same node. Control: {@code
     * io-flush-marks-late}.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "durable")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "the flush was left out, and the write is in the cache")
    @State
    public static class FlushCovers {
        private final CachingDisk disk = new CachingDisk();
        private final IoThread thread = TestDisk.driven(OTHER);
        private final Virtqueue writes = disk.queue().device().openQueue(thread, 4, () -> {});

        @Actor
        public void flusher() {
            disk.submit();
            disk.cycle();
        }

        @Actor
        public void writer(I_Result r) {
            int slot = writes.acquire();
            writes.request(slot).attach(ByteBuffer.allocate(0), 0);
            writes.submit(slot, BlockOp.WRITE, 0, 0, 0);
            thread.doWork();
            Stalls.hold();
            writes.submit(writes.acquire(), BlockOp.FLUSH, 0, 0, 0);
            thread.doWork();
            r.r1 = disk.durable;
        }
    }
}
