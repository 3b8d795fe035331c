// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: inheritance
// layer: runtime
// error: outside its read section
package seed.entry;

import java.time.Duration;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.Request;
import org.rcublk.io.StorageWorkers;
import org.rcublk.io.Virtqueue;
import org.rcublk.rcu.ReaderIndex;

/** A driver holds the request's section, until it completes the request. */
final class SubmitAfterEnd extends BlockDriver {
    private AssertionError failure = new AssertionError("none");

    @Override
    public int submit(PlanNode self, Request request) {
        request.complete(0);
        try {
            return self.submit(request); // HERE
        } catch (AssertionError e) {
            failure = e;
            return 0;
        }
    }

    public static void main(String[] args) {
        SubmitAfterEnd driver = new SubmitAfterEnd();
        LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
        live.commit(AddNodes.of(BlockNode.of("disk0", "seed", driver)), Duration.ofSeconds(5));
        Device device = new Device("root0", new RcuAdmission(live));
        live.commit(new AttachRoot(new GraphRoot("root0", "disk0", true, device)), Duration.ofSeconds(5));
        try (StorageWorkers workers = new StorageWorkers(1);
                ReaderIndex reader = ReaderIndex.acquire()) {
            IoThread io = IoThread.driven("seed-io", workers::engine, reader);
            Virtqueue queue = device.openQueue(io, 1, () -> {});
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
            io.doWork();
        }
        throw driver.failure;
    }

    @Override
    public String driverName() {
        return "seed";
    }

    @Override
    public long size(PlanNode self) {
        return 1 << 20;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
