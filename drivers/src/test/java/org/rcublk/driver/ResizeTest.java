// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.HeldWrites;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Grant;
import org.rcublk.graph.Permissions;
import org.rcublk.graph.SetGrant;
import org.rcublk.io.Errno;

/** Other sizes, under I/O: each version has its size, and what grows reads as zeroes (hazard H25). */
class ResizeTest {
    private static final int SMALL = 100_000; // within a chunk, and no multiple of anything
    private static final int LARGE = 1_000_000;
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    private Path path;

    private void add(TestDisk disk, String driver, int size) throws IOException {
        path = Files.write(folder.resolve("disk.img"), new byte[driver.equals("file") ? size : 0]);
        disk.add(
                driver.equals("file")
                        ? Map.of("driver", "file", "node-name", "d", "filename", path.toString())
                        : Map.of("driver", driver, "node-name", "d", "size", size));
    }

    /** A root that puts up with resizes, as no export does. */
    private static void attach(TestDisk disk, String node) {
        disk.attach(node, true);
        disk.commit(new SetGrant("disk", new Grant(Grant.export(true).used(), Permissions.ALL)));
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 20 s");
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file"})
    void whatWasCutOffDoesNotComeBack(String driver) throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, driver, LARGE);
            attach(disk, "d");
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(0, filled(LARGE)));
            disk.resize("d", SMALL);
            assertEquals(SMALL, disk.size("d"));
            assertEquals(-Errno.ENOSPC, client.write(SMALL - 1, new byte[2]));
            assertEquals(-Errno.EINVAL, client.read(SMALL, new byte[1]));
            disk.resize("d", LARGE + BLOCK);
            assertArrayEquals(filled(SMALL), client.read(0, SMALL));
            assertArrayEquals(new byte[LARGE + BLOCK - SMALL], client.read(SMALL, LARGE + BLOCK - SMALL));
            assertEquals(0, client.write(LARGE, filled(BLOCK)));
            assertArrayEquals(filled(BLOCK), client.read(LARGE, BLOCK));
        }
        if (driver.equals("file")) {
            assertEquals(LARGE + BLOCK, Files.size(path));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "file"})
    void aRequestSeesTheSizeOfItsVersion(String driver) throws Exception {
        HeldWrites gate = new HeldWrites();
        try (TestDisk disk = TestDisk.empty(1);
                ExecutorService control = Executors.newSingleThreadExecutor()) {
            add(disk, driver, LARGE);
            disk.add(BlockNode.filter("h", "held-writes", gate, "d"));
            attach(disk, "h");
            DiskClient client = disk.client(0);
            for (int round = 0; round < 10; round++) {
                gate.hold();
                int old = client.submitWrite(LARGE - BLOCK, filled(BLOCK));
                until(() -> gate.held() == 1);
                Future<?> change = control.submit(() -> {
                    disk.resize("h", SMALL); // the filter has its child's size
                    return null;
                });
                until(() -> !disk.live().current().gatedNodes().isEmpty());
                int late = client.submitWrite(LARGE - BLOCK, filled(BLOCK));
                assertEquals(LARGE, disk.size("d"), "until the old write has ended");
                gate.letGo();
                assertEquals(0, client.await(old));
                assertEquals(-Errno.ENOSPC, client.await(late));
                change.get(20, TimeUnit.SECONDS);
                assertEquals(SMALL, disk.size("h"));
                disk.resize("h", LARGE);
                assertArrayEquals(new byte[LARGE - SMALL], client.read(SMALL, LARGE - SMALL));
            }
        }
    }

    @Test
    void aFileThatSomebodyAppendedToGrowsByZeroesAllTheSame() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, "file", SMALL);
            attach(disk, "d");
            Files.write(path, filled(BLOCK), StandardOpenOption.APPEND);
            disk.resize("d", LARGE);
            assertArrayEquals(new byte[LARGE - SMALL], disk.client(0).read(SMALL, LARGE - SMALL));
            disk.resize("d", 0);
            assertEquals(0, Files.size(path));
        }
    }

    @Test
    void whatIsNotPublishedLeavesTheFileAsItWas() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, "file", SMALL);
            disk.attach("d", true); // an export, whose clients know the size
            for (int size : new int[] {LARGE, BLOCK}) {
                String message = assertThrows(OptionException.class, () -> disk.resize("d", size))
                        .getMessage();
                assertTrue(message.contains("root 'disk'") && message.contains("resize"), message);
                assertEquals(SMALL, Files.size(path));
                assertEquals(SMALL, disk.size("d"));
            }
            attachAnew(disk);
            disk.resize("d", LARGE); // nothing is left under way
            assertEquals(LARGE, Files.size(path));
        }
    }

    private static void attachAnew(TestDisk disk) {
        disk.commit(new SetGrant("disk", new Grant(Grant.export(true).used(), Permissions.ALL)));
    }

    @Test
    void oneResizeAtATime() {
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(Map.of("driver", "memory", "node-name", "d", "size", LARGE));
            NodeResizing first =
                    NodeResizing.prepare("d", SMALL, disk.live().current().graph());
            disk.commit(first.change());
            assertThrows(OptionException.class, () -> disk.resize("d", LARGE), "the first has not cut yet");
            first.cancelled();
        }
    }

    @Test
    void windowsAndFiltersFollow() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(Map.of("driver", "memory", "node-name", "m", "size", "1M"));
            disk.add(Map.of("driver", "raw", "node-name", "r", "file", "m", "offset", "4k"));
            disk.add(Map.of("driver", "passthrough", "node-name", "f", "file", "r"));
            disk.resize("f", 8192);
            assertEquals(12288, disk.size("m"));
            assertEquals(8192, disk.size("f"));
            assertEquals(
                    12288L,
                    disk.live()
                            .current()
                            .graph()
                            .node("m")
                            .options()
                            .get("size")
                            .get());
            disk.reopen(Map.of("driver", "raw", "node-name", "r", "file", "m", "offset", 512, "size", 1024));
            assertEquals(1024, disk.size("f"));
            refused(disk, "f", 512, "fixed size");
            assertEquals(12288, disk.size("m"));
        }
    }

    @Test
    void overlaysKeepTheirSize() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            disk.add(Map.of("driver", "memory", "node-name", "b", "size", 8192));
            disk.add(Map.of("driver", "overlay", "node-name", "o", "backing", "b"));
            refused(disk, "o", 4096, "keeps the size");
            String message = assertThrows(OptionException.class, () -> disk.resize("b", 4096))
                    .getMessage();
            assertTrue(message.contains("node 'o'"), message);
            disk.add(Map.of("driver", "memory", "node-name", "larger", "size", 16384));
            disk.reopen(Map.of("driver", "overlay", "node-name", "o", "backing", "larger"));
            assertEquals(8192, disk.size("o"));
            disk.resize("b", 4096);
        }
    }

    @Test
    void refusals() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, "file", SMALL);
            refused(disk, "nobody", 1, "does not exist");
            refused(disk, "d", Long.MAX_VALUE, "cannot be made");
            assertEquals(SMALL, Files.size(path));
            disk.reopen(Map.of("driver", "file", "node-name", "d", "filename", path.toString(), "read-only", true));
            refused(disk, "d", 1, "read-only=off");
            disk.add(Map.of("driver", "memory", "node-name", "m", "size", SMALL));
            refused(disk, "m", Long.MAX_VALUE, "at most");
        }
    }

    private static void refused(TestDisk disk, String node, long size, String expected) {
        String message = assertThrows(OptionException.class, () -> disk.resize(node, size))
                .getMessage();
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("\n"), message);
    }

    /** What lies past the disk's end is nobody's, but a change that is refused does not touch it. */
    @Test
    void aResizeThatIsRefusedLeavesTheFileAsItIs() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, "file", SMALL);
            disk.attach("d", true); // shares no resize
            Files.write(path, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
            byte[] before = Files.readAllBytes(path);
            for (long size : new long[] {LARGE, SMALL / 2, 1L << 62}) {
                OptionException e = assertThrows(OptionException.class, () -> disk.resize("d", size));
                assertTrue(e.getMessage().contains("does not share the permission resize"), e.getMessage());
            }
            assertArrayEquals(before, Files.readAllBytes(path));
        }
    }

    /** An interrupt closes the channel of whoever is in it: it must not be the disk's. */
    @Test
    void anInterruptedThreadResizesWithoutHarm() throws IOException {
        try (TestDisk disk = TestDisk.empty(1)) {
            add(disk, "file", SMALL);
            attach(disk, "d");
            Thread.currentThread().interrupt();
            disk.resize("d", LARGE);
            assertTrue(Thread.interrupted(), "the flag is kept");
            Thread.currentThread().interrupt();
            disk.resize("d", SMALL);
            assertTrue(Thread.interrupted());
            assertEquals(0, disk.client(0).write(0, new byte[BLOCK]));
            assertEquals(SMALL, Files.size(path));
        }
    }
}
