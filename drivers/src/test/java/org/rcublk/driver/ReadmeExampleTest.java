// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.StorageWorkers;
import org.rcublk.io.Virtqueue;

/** README's example runs, and README shows what runs. */
class ReadmeExampleTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void runs() throws InterruptedException {
        Semaphore completions = new Semaphore(0);
        ByteBuffer block = ByteBuffer.allocateDirect(4096);
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread iothread = new IoThread("iothread0", workers::engine)) {
            // README
            LiveGraph<PlanNode> graph = new LiveGraph<>(new PlanCompiler());
            graph.commit(
                    new AddNodes(open(graph, Map.of("driver", "memory", "node-name", "disk0", "size", "64M"))),
                    DEADLINE);
            Device disk = new Device("vda", new RcuAdmission(graph));
            graph.commit(new AttachRoot(new GraphRoot("vda", "disk0", true, disk)), DEADLINE);

            Virtqueue queue = disk.openQueue(iothread.start(), 128, completions::release);
            int slot = queue.acquire();
            queue.request(slot).attach(block, 0);
            queue.submit(slot, BlockOp.WRITE, BlockOp.FLAG_FUA, 8192, 4096);
            queue.kick();

            Map<String, String> filter = Map.of("driver", "passthrough", "node-name", "filter0", "file", "disk0");
            graph.commit(new InsertFilter("disk0", open(graph, filter).getFirst()), DEADLINE);
            // README
            assertTrue(completions.tryAcquire(30, TimeUnit.SECONDS));
            int[] status = {1};
            assertEquals(1, queue.pollCompletions((done, result) -> status[0] = result, 8));
            assertEquals(0, status[0]);
            assertEquals("filter0", graph.current().graph().root("vda").node());
        }
    }

    private static java.util.List<BlockNode> open(LiveGraph<PlanNode> graph, Map<String, String> options) {
        return NodeOpener.open(options, graph.current().graph()).nodes();
    }

    @Test
    void isWhatReadmeShows() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/rcublk/driver/ReadmeExampleTest.java"));
        String example = source.split("// README\n", -1)[1].stripIndent().strip();
        String readme = Files.readString(Path.of("../README.md"));
        assertTrue(readme.contains(example), () -> "README.md should show:\n" + example);
    }
}
