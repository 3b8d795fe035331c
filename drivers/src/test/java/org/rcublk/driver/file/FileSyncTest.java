// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.Permissions;
import org.rcublk.graph.SetGrant;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;

/** A flush that failed is not forgotten, by those after it and by those beside it. */
@Timeout(60)
class FileSyncTest {
    @TempDir
    Path folder;

    private static int writeThrough(DiskClient client) {
        return client.await(client.submit(BlockOp.WRITE, BlockOp.FLAG_FUA, 0, 512, ByteBuffer.allocate(512)));
    }

    private static Map<String, Object> with(Map<String, Object> options, String key, Object value) {
        Map<String, Object> all = new HashMap<>(options);
        all.put(key, value);
        return all;
    }

    @Test
    void afterAFailedFlushNoneSucceedsUntilTheFileIsOpenedAnew() throws IOException {
        Path path = Files.write(folder.resolve("disk.img"), new byte[4096]);
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        FileDriver driver = FileDriver.openWith(path, FileSettings.DEFAULT, () -> {
            calls.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("Input/output error");
            }
        });
        TestDisk disk = TestDisk.empty(1);
        try {
            disk.add(BlockNode.of("f", "file", driver));
            disk.attach("f", true);
            DiskClient client = disk.client(0);
            assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
            assertEquals(0, writeThrough(client));
            assertEquals(2, calls.get());
            failures.set(1);
            assertEquals(-Errno.EIO, client.call(BlockOp.FLUSH, 0, 0, 0));
            assertEquals(-Errno.EIO, client.call(BlockOp.FLUSH, 0, 0, 0), "the system would say that all is well");
            assertEquals(-Errno.EIO, writeThrough(client));
            assertEquals(-Errno.EIO, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_FUA, 0, 512));
            assertEquals(0, client.write(0, new byte[512]), "promises nothing");
            Map<String, Object> options = Map.of("driver", "file", "node-name", "f", "filename", path.toString());
            disk.reopen(with(options, "discard", "unmap"));
            assertEquals(-Errno.EIO, client.call(BlockOp.FLUSH, 0, 0, 0), "other options bring no data back");
            SetGrant reader = new SetGrant("disk", Grant.export(false));
            assertThrows(GraphException.class, () -> disk.commit(reader), "what it wrote is not flushed");
            disk.commit(new DetachRoot("disk"));
            assertThrows(GraphException.class, () -> disk.reopen(with(options, "read-only", true)), "is not flushed");
            assertFalse(disk.live().current().graph().node("f").readOnly());
            String message = assertThrows(IOException.class, driver::flush).getMessage();
            assertTrue(message.contains("add the node anew") && message.contains(path.toString()), message);
        } finally {
            disk.abandon();
            disk.live().current().graph().node("f").settings().close();
            driver.close();
        }
        FileDriver again = FileDriver.open(path, FileSettings.DEFAULT);
        again.flush();
        again.close();
    }

    /** Guarantee K; the control path's flush is one whatever requests did. */
    @Test
    void aFlushWithNothingWrittenSinceTheLastIsLeftOut() throws IOException {
        Path path = Files.write(folder.resolve("disk.img"), new byte[4096]);
        AtomicInteger calls = new AtomicInteger();
        FileDriver driver = FileDriver.openWith(path, FileSettings.DEFAULT, calls::incrementAndGet);
        try (TestDisk disk = TestDisk.empty(2)) {
            disk.add(BlockNode.of("f", "file", driver));
            disk.attach("f", true);
            DiskClient client = disk.client(0);
            DiskClient other = disk.client(1);
            for (int i = 1; i <= 5; i++) {
                assertEquals(0, client.write(0, new byte[512]));
                assertEquals(0, other.call(BlockOp.FLUSH, 0, 0, 0));
                assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
                assertEquals(i, calls.get());
            }
            driver.flush();
            assertEquals(6, calls.get());
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 20 s");
            Thread.onSpinWait();
        }
    }

    /** The first call hangs, then fails or not; those that came meanwhile. */
    private static int callsOf(boolean fails, int others, List<Throwable> failed) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        FileSync sync = new FileSync(Path.of("disk"));
        FileSync.Force force = () -> {
            if (calls.incrementAndGet() == 1) {
                inside.countDown();
                waitFor(go);
                if (fails) {
                    throw new IOException("Input/output error");
                }
            }
        };
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            AtomicInteger came = new AtomicInteger();
            for (int i = 0; i <= others; i++) {
                all.add(executor.submit(() -> {
                    came.incrementAndGet();
                    sync.sync(force);
                    return null;
                }));
                inside.await();
            }
            until(() -> came.get() == others + 1 && sync.waiters() == others);
            go.countDown();
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    failed.add(e.getCause());
                }
            }
        }
        return calls.get();
    }

    private static void waitFor(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aFlushBesideAFailingOneFailsToo() throws Exception {
        List<Throwable> failed = new ArrayList<>();
        assertEquals(1, callsOf(true, 3, failed));
        assertEquals(4, failed.size());
        failed.forEach(e -> assertInstanceOf(IOException.class, e));
    }

    @Test
    void flushesThatWaitShareACall() throws Exception {
        List<Throwable> failed = new ArrayList<>();
        assertEquals(2, callsOf(false, 5, failed), "the call under way began too early for them, the next is for all");
        assertEquals(List.of(), failed);
    }

    /** No write has completed since the last flush, so a guest's next one has nothing to do: the resize is durable itself. */
    @Test
    void anotherLengthIsDurableWithoutAFlush() throws IOException {
        AtomicInteger syncs = new AtomicInteger();
        Path path = Files.write(folder.resolve("disk.img"), new byte[1000]);
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(
                    BlockNode.of("d", "file", FileDriver.openWith(path, FileSettings.DEFAULT, syncs::incrementAndGet)));
            disk.attach("d", true);
            disk.commit(new SetGrant("disk", new Grant(Grant.export(true).used(), Permissions.ALL)));
            for (int size : new int[] {100_000, 1000}) {
                assertEquals(0, disk.client(0).call(BlockOp.FLUSH, 0, 0, 0));
                int before = syncs.get();
                disk.resize("d", size);
                assertTrue(syncs.get() > before, "to " + size + " bytes");
                assertEquals(size, Files.size(path));
            }
        }
    }
}
