// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.daemon.bench.Progress;
import org.rcublk.daemon.bench.Rig;
import org.rcublk.io.BlockOp;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;
import org.rcublk.io.Virtqueue;
import picocli.CommandLine;

@Timeout(180)
class DemoTest {
    @TempDir
    Path folder;

    private final StringWriter text = new StringWriter();

    private boolean run(double seconds, Consumer<Rig> beforeReadBack) {
        return new Demo(new PrintWriter(text), Progress.SILENT, seconds, beforeReadBack).run(folder);
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void everythingIsRightAndNothingIsLeft() throws IOException {
        assertTrue(run(0.5, rig -> {}), text.toString());
        for (String expected : new String[] {
            "no IOThread",
            "one IOThread ",
            "one IOThread a queue",
            "changing, verified",
            "##GATED##",
            "[snap3: overlay]",
            "8,192 blocks read through the whole chain and compared, 0 wrong"
        }) {
            assertTrue(text.toString().contains(expected), expected + " is not in\n" + text);
        }
        assertNothingLeft();
    }

    @Test
    void aLostBlockFailsTheDemo() throws IOException {
        assertFalse(run(0.1, rig -> zeroBlock(rig, DemoImage.STAMPED - DemoImage.BLOCK)), text.toString());
        assertTrue(text.toString().contains("compared, 1 wrong"), text.toString());
        assertTrue(text.toString().contains("block " + (DemoImage.STAMPED / DemoImage.BLOCK - 1)), text.toString());
        assertNothingLeft();
    }

    /** What a lost write would leave: writes zeroes over a block behind the back of the load. */
    private static void zeroBlock(Rig rig, long offset) {
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread thread = new IoThread("vandal", workers::engine).start()) {
            var completions = new CompletableFuture<Boolean>();
            Virtqueue queue = rig.device().openQueue(thread, 1, () -> completions.complete(true));
            int slot = queue.acquire();
            queue.request(slot).attach(ByteBuffer.allocateDirect(DemoImage.BLOCK), 0);
            queue.submit(slot, BlockOp.WRITE, 0, offset, DemoImage.BLOCK);
            queue.kick();
            completions.join();
            assertEquals(1, queue.pollCompletions((done, status) -> assertEquals(0, status), 1));
            var closed = new CompletableFuture<Boolean>();
            queue.close(() -> closed.complete(true));
            closed.join();
        }
    }

    @Test
    void wrongUsage() {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new DemoCommand()).setParameterExceptionHandler((error, args) -> {
            err.append(error.getMessage());
            return 2;
        });
        assertEquals(2, command.execute("--seconds-per-run=0"));
        assertEquals(2, command.execute("surplus"));
        assertTrue(err.toString().contains("--seconds-per-run"), err.toString());
    }
}
