// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.rcu.ReaderIndex;

/** A producer that submits a slot again while the IOThread is still in the batch that completed it. */
class VirtqueueRefillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int REQUESTS = 1000;

    private int submitted;
    private int completed;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 25, 63, 64, 65, 200})
    void ringsNeverFill(int depth) {
        RcuAdmission admission = new RcuAdmission(new LiveGraph<>(new PlanCompiler()));
        Device device = new Device("drive0", admission);
        try (StorageWorkers workers = new StorageWorkers(1);
                ReaderIndex reader = ReaderIndex.acquire();
                IoThread thread = IoThread.driven("driven", workers::engine, reader)) {
            Virtqueue queue = device.openQueue(thread, depth, () -> {});
            admission.change(AddNodes.of(BlockNode.of("disk", "echo", new Refilling(queue))), PATIENCE);
            admission.change(new AttachRoot(new GraphRoot("drive0", "disk", true, device)), PATIENCE);
            refill(queue);
            for (int cycle = 0; completed < REQUESTS && cycle < 2 * REQUESTS; cycle++) {
                thread.doWork();
                take(queue);
            }
        }
        assertTrue(submitted >= REQUESTS);
        assertEquals(submitted, completed);
    }

    private void refill(Virtqueue queue) {
        while (submitted < REQUESTS && queue.freeSlots() > 0) {
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
            submitted++;
        }
    }

    private void take(Virtqueue queue) {
        queue.pollCompletions(
                (slot, status) -> {
                    assertEquals(0, status);
                    completed++;
                    queue.free(slot);
                },
                Integer.MAX_VALUE);
    }

    /** Completes at once, and then is the producer that is as quick as can be. */
    private final class Refilling extends BlockDriver {
        private final Virtqueue queue;

        Refilling(Virtqueue queue) {
            this.queue = queue;
        }

        @Override
        public String driverName() {
            return "echo";
        }

        @Override
        public long size(PlanNode self) {
            return 0;
        }

        @Override
        public int submit(PlanNode self, Request request) {
            request.complete(0);
            take(queue);
            refill(queue);
            return 0;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
