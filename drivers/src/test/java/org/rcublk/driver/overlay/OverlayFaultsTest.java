// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.RemoveNode;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.Virtqueue;

/** Overlays over a child that throws, without memory, without a size yet, and with a great many clusters in a request. */
class OverlayFaultsTest {
    private static final int CLUSTER = 4096;
    private static final int SIZE = 8 * CLUSTER;

    /** Reads as zeroes; some call of size() or submit() throws. */
    private static final class Fragile extends BlockDriver {
        final AtomicInteger sizesUntilThrow = new AtomicInteger();
        final AtomicInteger submitsUntilThrow = new AtomicInteger();

        @Override
        public String driverName() {
            return "fragile";
        }

        private static void tick(AtomicInteger left) {
            if (left.get() > 0 && left.decrementAndGet() == 0) {
                throw new IllegalStateException("a bug of the child");
            }
        }

        @Override
        public long size(PlanNode self) {
            tick(sizesUntilThrow);
            return SIZE;
        }

        @Override
        public int submit(PlanNode self, Request request) {
            tick(submitsUntilThrow);
            request.complete(0);
            return 0;
        }

        @Override
        public void flush() {
            // holds no data
        }

        @Override
        public void close() {
            // owns nothing
        }
    }

    private static OverlayDriver overlay(TestDisk disk) {
        return disk.state("top", OverlayDriver.class);
    }

    @Test
    void anOwnerThatThrowsLeavesNoCopyBehind() {
        Fragile fragile = new Fragile();
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(BlockNode.of("fragile", "fragile", fragile));
            disk.add(Map.of(
                    "driver",
                    "overlay",
                    "node-name",
                    "top",
                    "size",
                    SIZE,
                    "cluster-size",
                    CLUSTER,
                    "backing",
                    "fragile"));
            disk.attach("top", true);
            DiskClient client = disk.client(0);
            int failures = 0;
            for (int i = 0; i < 8; i++) {
                boolean ofSize = i < 6;
                (ofSize ? fragile.sizesUntilThrow : fragile.submitsUntilThrow).set(ofSize ? i + 1 : i - 5);
                failures += client.write(i * CLUSTER + 512L, new byte[512]) == 0 ? 0 : 1;
                fragile.sizesUntilThrow.set(0);
                fragile.submitsUntilThrow.set(0);
                assertEquals(0, client.write(i * CLUSTER + 1024L, new byte[512]), "round " + i);
                assertEquals((i + 1) * CLUSTER, overlay(disk).allocatedBytes());
            }
            assertTrue(failures >= 2, failures + " writes met a throwing child");
        }
    }

    /** What an owner holds when the hold itself throws is no different. */
    @Test
    void aThrowAfterTheReadLeavesNoCopyBehind() {
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(BlockNode.of("fragile", "fragile", new Fragile()));
            disk.add(Map.of("driver", "overlay", "node-name", "top", "cluster-size", CLUSTER, "backing", "fragile"));
            disk.attach("top", true);
            DiskClient client = disk.client(0);
            overlay(disk).holdCopies(request -> {
                throw new IllegalStateException("thrown when the copy was read");
            });
            assertEquals(-Errno.EIO, client.write(512, new byte[512]));
            assertEquals(0, overlay(disk).allocatedBytes());
            overlay(disk).holdCopies(request -> false);
            assertEquals(0, client.write(512, new byte[512]));
        }
    }

    @Test
    void withoutMemoryAWriteFailsAtOnceAndNothingIsLost() {
        ClusterMemory memory = new ClusterMemory(2 * CLUSTER + 1);
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(BlockNode.of("fragile", "fragile", new Fragile()));
            disk.add(Map.of("driver", "overlay", "node-name", "top", "cluster-size", CLUSTER, "backing", "fragile"));
            overlay(disk).takeMemoryFrom(memory);
            disk.attach("top", true);
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(0, new byte[] {1}));
            assertEquals(0, client.write(CLUSTER, new byte[CLUSTER]));
            assertEquals(-Errno.ENOMEM, client.write(2 * CLUSTER, new byte[] {1}), "a copy");
            assertEquals(-Errno.ENOMEM, client.write(2 * CLUSTER, new byte[CLUSTER]), "a whole cluster");
            assertEquals(2 * CLUSTER, overlay(disk).allocatedBytes());
            assertEquals(2 * CLUSTER, memory.used());
            assertEquals(0, client.write(5, new byte[] {2}), "an allocated cluster needs none");
            assertEquals(0, client.call(BlockOp.DISCARD, 0, CLUSTER, CLUSTER));
            assertEquals(0, client.write(2 * CLUSTER, new byte[] {3}), "zeroed clusters give theirs back");
            assertArrayEquals(new byte[] {1, 0, 0, 0, 0, 2}, client.read(0, 6));
            disk.commit(new DetachRoot("disk"));
            disk.commit(new RemoveNode("top"));
            disk.clear();
            assertEquals(0, memory.used(), "a closed node gives everything back");
        }
    }

    @Test
    void theProcessHasALimitOfItsOwn() {
        assertTrue(new ClusterMemory(1).take(1));
        assertTrue(!new ClusterMemory(1).take(2));
        assertTrue(ClusterMemory.PROCESS.take(CLUSTER));
        ClusterMemory.PROCESS.give(CLUSTER);
        assertTrue(!ClusterMemory.PROCESS.take(Long.MAX_VALUE - (1L << 40)));
    }

    @Test
    void anOverlayWithoutBackingChildSettlesNoSize() {
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(Map.of("driver", "overlay", "node-name", "top"));
            disk.attach("top", true);
            assertEquals(0, disk.client(0).read(0, new byte[0]));
            assertEquals(0, disk.client(0).write(0, new byte[0]));
            disk.commit(new DetachRoot("disk"));
            disk.renewDevice();
            disk.add(Map.of("driver", "memory", "size", SIZE, "node-name", "base"));
            disk.attach("base", true);
            disk.commit(new AppendOverlay("base", "top"));
            assertArrayEquals(new byte[SIZE], disk.client(0).read(0, SIZE));
        }
    }

    @Test
    void aVeryLargeDiscardLeavesTurnsToOthers() {
        long clusters = 1000L * OverlayIo.MAX_TURNS;
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "overlay", "size", clusters * 512, "cluster-size", 512))) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(clusters * 512 - 700, new byte[] {1}));
            Virtqueue queue = client.queue();
            int large = queue.acquire();
            int small = queue.acquire();
            queue.submit(large, BlockOp.DISCARD, 0, 0, clusters * 512);
            queue.submit(small, BlockOp.FLUSH, 0, 0, 0);
            queue.kick();
            List<Integer> order = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (order.size() < 2) {
                assertTrue(System.nanoTime() < deadline, "waited 30 s, completed: " + order);
                queue.pollCompletions(
                        (slot, status) -> {
                            assertEquals(0, status);
                            order.add(slot);
                        },
                        2);
            }
            assertEquals(List.of(small, large), order);
            order.forEach(queue::free);
            assertEquals(0, client.read(clusters * 512 - 700, 1)[0]);
        }
    }
}
