// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanCompiler;

/** Small facts of null, memory, raw and passthrough; their data is checked by {@link RandomIoTest}. */
class DriversTest {
    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static long size(TestDisk disk, String node) {
        return new PlanCompiler().compile(node, disk.live().current().graph()).size();
    }

    @Test
    void nullDriverAnswersByEveryName() {
        for (String name : List.of("null", "null-co", "null-aio")) {
            try (TestDisk disk = TestDisk.of(1, Map.of("driver", name, "node-name", "n", "read-zeroes", "on"))) {
                assertEquals(1L << 30, size(disk, "n"));
                assertEquals(name, disk.live().current().graph().node("n").driver());
                DiskClient client = disk.client(0);
                byte[] bytes = filled(100_000, 7);
                assertEquals(0, client.read(4096, bytes));
                assertArrayEquals(new byte[100_000], bytes);
                for (BlockOp op : List.of(BlockOp.FLUSH, BlockOp.DISCARD, BlockOp.WRITE_ZEROES)) {
                    assertEquals(0, client.call(op, 0, 0, 512));
                }
            }
        }
    }

    @Test
    void nullDriverLeavesTheBufferAloneUnlessAsked() {
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "null-co", "size", "1M"))) {
            byte[] bytes = filled(512, 7);
            assertEquals(0, disk.client(0).read(0, bytes));
            assertArrayEquals(filled(512, 7), bytes);
            assertEquals(-Errno.EINVAL, disk.client(0).read(1 << 20, new byte[1]));
        }
    }

    @Test
    void hungNullDiskHoldsUpNoOther() {
        TestDisk disk = TestDisk.of(1, Map.of("driver", "null-co", "latency-ns", "1000000000000", "node-name", "n"));
        try {
            DiskClient client = disk.client(0);
            int hung = client.submit(BlockOp.FLUSH, 0, 0, 0, null);
            assertEquals(0, flushOfAnotherDisk());
            assertFalse(client.isDone(hung));
            assertEquals("n", disk.device().oldestRequest().node());
        } finally {
            disk.abandon();
        }
    }

    private static int flushOfAnotherDisk() {
        try (TestDisk other = TestDisk.of(1, Map.of("driver", "null-co", "latency-ns", 1000))) {
            return other.client(0).call(BlockOp.FLUSH, 0, 0, 0);
        }
    }

    @Test
    void hugeMemoryDiskCostsWhatWasWritten() {
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "memory", "size", "1P"))) {
            DiskClient client = disk.client(0);
            long end = 1L << 50;
            assertEquals(0, client.write(end - 3, new byte[] {1, 2, 3}));
            assertArrayEquals(new byte[] {0, 1, 2, 3}, client.read(end - 4, 4));
            assertEquals(0, client.call(BlockOp.WRITE_ZEROES, 0, 0, end));
            assertArrayEquals(new byte[4], client.read(end - 4, 4));
            assertEquals(-Errno.ENOSPC, client.write(end - 1, new byte[2]));
        }
    }

    @Test
    void memoryUsesDirectBuffersAtAnyPosition() {
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "memory", "size", "1M"))) {
            DiskClient client = disk.client(0);
            ByteBuffer direct = ByteBuffer.allocateDirect(512);
            direct.put(0, filled(512, 9));
            direct.position(100).limit(200); // position and limit belong to whoever does the I/O
            assertEquals(0, client.call(BlockOp.WRITE, 1000, direct));
            assertArrayEquals(filled(512, 9), client.read(1000, 512));
        }
    }

    @Test
    void rawChecksItsWindow() {
        try (TestDisk disk = TestDisk.of(
                1,
                Map.of(
                        "driver",
                        "raw",
                        "node-name",
                        "r",
                        "offset",
                        "4k",
                        "size",
                        8192,
                        "file.driver",
                        "memory",
                        "file.size",
                        "1M",
                        "file.node-name",
                        "m"))) {
            DiskClient client = disk.client(0);
            assertEquals(8192, size(disk, "r"));
            assertEquals(0, client.write(8191, new byte[] {5}));
            assertEquals(-Errno.ENOSPC, client.write(8191, new byte[2]));
            assertEquals(-Errno.EINVAL, client.read(8192, new byte[1]));
            assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
        }
    }

    @Test
    void passthroughIsInsertedByOptionsAndPassesOn() {
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "memory", "size", "1M", "node-name", "m"))) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(0, filled(512, 3)));
            OpenedNodes filter = NodeOpener.open(
                    Map.of("driver", "passthrough", "node-name", "f", "file", "m"),
                    disk.live().current().graph());
            disk.commit(new InsertFilter("m", filter.topNode()));
            assertArrayEquals(filled(512, 3), client.read(0, 512));
            assertEquals("f", disk.live().current().graph().root("disk").node());
            assertEquals(1 << 20, size(disk, "f"));
            disk.commit(new DropFilter("f"));
            assertArrayEquals(filled(512, 3), client.read(0, 512));
        }
    }

    @Test
    void readOnlyNodesRefuseWritableRoots() {
        try (TestDisk disk = TestDisk.empty(1)) {
            String node = disk.add(Map.of("driver", "memory", "size", "1M", "read-only", true));
            assertThrows(GraphException.class, () -> disk.attach(node, true));
            disk.attach(node, false);
            assertEquals(-Errno.EPERM, disk.client(0).write(0, new byte[1]));
        }
    }
}
