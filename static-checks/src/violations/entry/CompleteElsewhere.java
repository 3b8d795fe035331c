// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what is an IOThread's runs on that IOThread
// hiding: inheritance
// layer: runtime
// error: belongs to IOThread seed-io
package seed.entry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

/** A driver that completes a request on the thread of its own library. */
final class CompleteElsewhere extends BlockDriver {
    private final CompletableFuture<String> done = new CompletableFuture<>();

    @Override
    public int submit(PlanNode self, Request request) {
        Thread.ofPlatform().daemon().start(() -> answer(request));
        return 0;
    }

    private void answer(Request request) {
        try {
            request.complete(0); // HERE
            done.complete("completed");
        } catch (AssertionError e) {
            done.completeExceptionally(e);
        }
    }

    public static void main(String[] args) throws Exception {
        CompleteElsewhere driver = new CompleteElsewhere();
        LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
        live.commit(AddNodes.of(BlockNode.of("disk0", "seed", driver)), Duration.ofSeconds(5));
        Device device = new Device("root0", new RcuAdmission(live));
        live.commit(new AttachRoot(new GraphRoot("root0", "disk0", true, device)), Duration.ofSeconds(5));
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start()) {
            Virtqueue queue = device.openQueue(io, 1, () -> {});
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
            queue.kick();
            driver.done.get(10, TimeUnit.SECONDS);
        }
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
