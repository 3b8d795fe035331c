// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.Changes;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Grant;
import org.rcublk.io.Device;

/**
 * Snapshots of two disks in one version while a guest writes to both: a number to the first and, once that is acknowledged,
 * to the second. The two bases hold a moment that there was: what was acknowledged before is in them, and the second has
 * nothing that the first lacks.
 */
class TransactionCutTest {
    private static final int ROUNDS = 12;

    @Test
    void bothDisksAreCutAtOneMoment() throws Exception {
        try (TestDisk disk = TestDisk.empty(2);
                ExecutorService guest = Executors.newSingleThreadExecutor()) {
            disk.add(Map.of("driver", "memory", "node-name", "a0", "size", "64k"));
            disk.add(Map.of("driver", "memory", "node-name", "b0", "size", "64k"));
            disk.attach("a0", true);
            Device other = disk.attach("other", "b0", Grant.export(true));
            AtomicBoolean done = new AtomicBoolean();
            AtomicLong acknowledged = new AtomicLong();
            DiskClient first = disk.client(0);
            DiskClient second = disk.client(other, 1);
            Future<?> writes = guest.submit(() -> {
                for (long n = 1; !done.get(); n++) {
                    assertEquals(0, first.write(0, bytes(n)));
                    assertEquals(0, second.write(0, bytes(n)));
                    acknowledged.set(n);
                }
            });
            try {
                for (int round = 1; round <= ROUNDS; round++) {
                    cut(disk, round, acknowledged);
                }
            } finally {
                done.set(true);
            }
            writes.get(20, TimeUnit.SECONDS);
            disk.commit(new DetachRoot("other"));
            other.domain().close();
        }
    }

    private static void cut(TestDisk disk, int round, AtomicLong acknowledged) {
        disk.add(Map.of("driver", "overlay", "node-name", "a" + round));
        disk.add(Map.of("driver", "overlay", "node-name", "b" + round));
        long before = acknowledged.get();
        disk.commit(Changes.of(
                new AppendOverlay("a" + (round - 1), "a" + round), new AppendOverlay("b" + (round - 1), "b" + round)));
        long after = acknowledged.get();
        long inFirst = read(disk, "a" + (round - 1));
        long inSecond = read(disk, "b" + (round - 1));
        String what = before + " <= " + inSecond + " <= " + inFirst + ", at most one more, and " + after;
        assertTrue(before <= inSecond && inSecond <= inFirst && inFirst <= inSecond + 1 && inSecond <= after + 1, what);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (acknowledged.get() < after + 2) {
            assertTrue(System.nanoTime() < deadline, "the guest writes no more");
            Thread.onSpinWait();
        }
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** What a node holds, read by a root of its own. */
    private static long read(TestDisk disk, String node) {
        Device reader = disk.attach("reader", node, Grant.export(false));
        try {
            return ByteBuffer.wrap(disk.client(reader, 0).read(0, Long.BYTES)).getLong();
        } finally {
            disk.commit(new DetachRoot("reader"));
            reader.domain().close();
        }
    }
}
