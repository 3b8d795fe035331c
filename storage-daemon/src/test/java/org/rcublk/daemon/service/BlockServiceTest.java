// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.daemon.options.ServerAddress;
import org.rcublk.driver.OptionException;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;

@Timeout(60)
class BlockServiceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Map<String, Object> FILTER = Map.of("driver", "passthrough", "node-name", "f0");

    private final BlockService service = new BlockService(2);

    @TempDir
    private Path folder;

    private Path socket;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("nbd");
        service.addIoThread("t0", -1);
        service.listen(new ServerAddress.Unix(socket.toString()), 100);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Path image(int size) throws IOException {
        Path path = folder.resolve("image");
        Files.write(path, new byte[size]);
        return path;
    }

    private void addFile(String name, Path path) {
        service.addNodes(Map.of("driver", "file", "node-name", name, "filename", path.toString()));
    }

    private void addMemory(String name) {
        service.addNodes(Map.of("driver", "memory", "node-name", name, "size", 1L << 20));
    }

    /** A disk whose requests take as good as for ever. */
    private void addHung(String name) {
        service.addNodes(Map.of("driver", "null-co", "node-name", name, "latency-ns", Long.MAX_VALUE / 4));
    }

    private void export(String id, String node, boolean writable) {
        service.addExport(new ExportSpec(id, node, id, "", writable, List.of("t0")));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "not within 30 s");
            Thread.onSpinWait();
        }
    }

    /** A request of the export that does not end, once it is seen to run. */
    private PlainNbd hang(String export) throws IOException {
        PlainNbd client = new PlainNbd(socket, export);
        client.startRead(4096, 512);
        await(() -> openTokens(export) > 0);
        return client;
    }

    private long openTokens(String root) {
        return service.graph().current().graph().root(root).state().domain().openSections();
    }

    @Test
    void whatCannotCarryADiskIsNoOverlay() {
        addMemory("m");
        addMemory("other");
        service.addNodes(Map.of("driver", "overlay", "node-name", "small", "size", 512L));
        service.addNodes(Map.of("driver", "overlay", "node-name", "fits"));
        ServiceException hides = assertThrows(ServiceException.class, () -> service.snapshot("m", "other", LONG));
        assertTrue(hides.getMessage().contains("'other'"), hides.getMessage());
        ServiceException cuts = assertThrows(ServiceException.class, () -> service.snapshot("m", "small", LONG));
        assertTrue(cuts.getMessage().contains("'small'"), cuts.getMessage());
        service.snapshot("m", "fits", LONG);
        assertFalse(service.graph().current().graph().parents("m").isEmpty());
    }

    @Test
    void dataSurvivesFiltersSnapshotsAndTheEnd() throws IOException {
        Path image = image(1 << 20);
        addFile("disk", image);
        export("e", "disk", true);
        byte[] first = {1, 2, 3};
        byte[] second = {4, 5, 6};
        try (PlainNbd client = new PlainNbd(socket, "e")) {
            assertEquals(0, client.write(1000, first));
            service.insertFilter("disk", FILTER, LONG);
            assertArrayEquals(first, client.read(1000, 3));
            service.addNodes(Map.of("driver", "overlay", "node-name", "top", "size", 1L << 20));
            service.snapshot("f0", "top", LONG);
            assertEquals(0, client.write(2000, second));
            assertArrayEquals(first, client.read(1000, 3));
            assertArrayEquals(second, client.read(2000, 3));
            assertEquals("top", service.graph().current().graph().root("e").node());
        }
        assertEquals(List.of(), service.shutdown(LONG));
        byte[] stored = Files.readAllBytes(image);
        assertEquals(2, stored[1001]);
        assertEquals(0, stored[2001], "the overlay kept it, in memory");
        assertFalse(Files.exists(socket));
    }

    @Test
    void aDeadlineNamesTheOldestRequestAndChangesNothing() throws IOException {
        addHung("slow");
        export("a", "slow", false);
        try (PlainNbd stuck = hang("a")) {
            BlockGraph before = service.graph().current().graph();
            DrainTimeoutException error =
                    assertThrows(DrainTimeoutException.class, () -> service.insertFilter("slow", FILTER, SHORT));
            assertTrue(error.getMessage().contains("read of 512 bytes at 4096 in node 'slow'"), error.getMessage());
            assertTrue(error.getMessage().contains("root 'a' on t0"), error.getMessage());
            BlockGraph after = service.graph().current().graph();
            assertEquals(before.nodes().keySet(), after.nodes().keySet());
            assertEquals("slow", after.root("a").node());
            assertTrue(service.graph().current().gatedNodes().isEmpty());
            stuck.startRead(0, 512);
            await(() -> openTokens("a") == 2); // requests still get in
        }
    }

    @Test
    void aHungDiskDelaysNeitherChangesNorRequestsOfAnother() throws IOException {
        addHung("slow");
        addMemory("quick");
        export("a", "slow", false);
        export("b", "quick", true);
        try (PlainNbd _ = hang("a");
                PlainNbd client = new PlainNbd(socket, "b")) {
            service.insertFilter("quick", FILTER, LONG);
            assertEquals(0, client.write(0, new byte[] {9}));
            assertArrayEquals(new byte[] {9}, client.read(0, 1));
            service.removeFilter("f0", LONG);
            assertArrayEquals(new byte[] {9}, client.read(0, 1));
            service.removeExport("b", true, LONG);
            service.removeNode("quick");
            assertEquals(1, openTokens("a"));
        }
    }

    @Test
    void shutdownNamesWhatHoldsIt() throws IOException {
        addHung("slow");
        export("a", "slow", false);
        try (PlainNbd _ = hang("a")) {
            List<String> left = service.shutdown(SHORT);
            assertEquals(1, left.size(), left.toString());
            assertTrue(left.getFirst().contains("in node 'slow' for root 'a' on t0"), left.toString());
        }
        assertFalse(Files.exists(socket));
    }

    @Test
    void shutdownReleasesLocksAndIsFinal() throws IOException {
        Path image = image(4096);
        addFile("disk", image);
        export("e", "disk", true);
        try (PlainNbd _ = new PlainNbd(socket, "e")) {
            assertEquals(List.of(), service.shutdown(LONG));
        }
        assertTrue(service.graph().current().graph().nodes().isEmpty());
        try (FileChannel other = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            other.tryLock().close();
        }
        assertThrows(ServiceException.class, () -> addMemory("late"));
    }

    @Test
    void aRemovedNodeFreesItsFile() throws IOException {
        Path image = image(4096);
        for (int i = 0; i < 20; i++) {
            addFile("disk", image);
            service.removeNode("disk");
        }
    }

    @Test
    void anExportInUseIsRemovedByForceOnly() throws IOException {
        addMemory("m");
        export("e", "m", true);
        try (PlainNbd _ = new PlainNbd(socket, "e")) {
            await(() -> ((Number) service.reports().exports().getFirst().get("connections")).longValue() == 1);
            ServiceException error = assertThrows(ServiceException.class, () -> service.removeExport("e", false, LONG));
            assertTrue(error.getMessage().contains("mode hard"), error.getMessage());
            assertThrows(GraphException.class, () -> service.removeNode("m"));
            service.removeExport("e", true, LONG);
        }
        service.removeNode("m");
        addMemory("m");
        export("e", "m", true);
    }

    /** A client that has a minute's worth of requests waiting in a throttle. */
    private PlainNbd throttled(String export) throws IOException {
        addMemory("m");
        service.addNodes(Map.of("driver", "throttle", "node-name", "t", "file", "m", "limits.iops-total", 1));
        export(export, "t", true);
        PlainNbd client = new PlainNbd(socket, export);
        for (int i = 0; i < 60; i++) {
            client.startRead(i, 1);
        }
        await(() -> openTokens(export) >= 58);
        return client;
    }

    @Test
    void aThrottledExportIsRemovedAtOnce() throws IOException {
        try (PlainNbd _ = throttled("e")) {
            service.removeExport("e", true, SOON);
        }
        service.removeNode("t");
        service.removeNode("m");
        assertTrue(service.graph().awaitClosed(SOON));
    }

    @Test
    void shutdownLetsThrottledRequestsGo() throws IOException {
        try (PlainNbd client = throttled("e")) {
            assertEquals(List.of(), service.shutdown(SOON));
            for (int i = 0; i < 58; i++) {
                assertArrayEquals(new byte[1], client.next(1), "it was answered");
            }
        }
    }

    @Test
    void refusalsLeaveNothingBehind() throws IOException {
        Path image = image(4096);
        addMemory("m");
        addFile("base", image);
        long version = service.graph().current().number();
        assertThrows(OptionException.class, () -> addMemory("m"));
        assertThrows(OptionException.class, () -> addFile("none", folder.resolve("none")));
        assertThrows(OptionException.class, () -> addFile("folder", folder));
        assertThrows(OptionException.class, () -> service.addNodes(Map.of("driver", "zfs", "node-name", "z")));
        assertThrows(GraphException.class, () -> service.removeNode("nobody"));
        assertThrows(GraphException.class, () -> service.removeFilter("m", LONG));
        assertThrows(GraphException.class, () -> service.snapshot("m", "nobody", LONG));
        assertThrows(GraphException.class, () -> service.insertFilter("nobody", FILTER, LONG));
        assertThrows(
                ServiceException.class,
                () -> service.insertFilter("m", Map.of("driver", "null-co", "node-name", "x"), LONG));
        assertThrows(
                ServiceException.class,
                () -> service.insertFilter("m", Map.of("driver", "raw", "node-name", "x"), LONG));
        assertThrows(GraphException.class, () -> export("e", "nobody", false));
        assertThrows(ServiceException.class, () -> service.removeExport("nobody", true, LONG));
        assertThrows(
                ServiceException.class,
                () -> service.addExport(new ExportSpec("e", "m", "e", "", true, List.of("t9"))));
        assertThrows(ServiceException.class, () -> service.addIoThread("t0", -1));
        assertEquals(version, service.graph().current().number());
    }

    @Test
    void aNameOfAnExportIsTakenOnce() {
        addMemory("m");
        export("e", "m", true);
        ServiceException sameId = assertThrows(ServiceException.class, () -> export("e", "m", true));
        assertTrue(sameId.getMessage().contains("'e'"), sameId.getMessage());
        ServiceException sameName = assertThrows(
                ServiceException.class, () -> service.addExport(new ExportSpec("e2", "m", "e", "", true, List.of())));
        assertTrue(sameName.getMessage().contains("another name"), sameName.getMessage());
        assertEquals(1, service.graph().current().graph().roots().size());
    }

    @Test
    void aReadOnlyNodeIsNotExportedWritable() throws IOException {
        service.addNodes(Map.of(
                "driver", "file", "node-name", "ro", "filename", image(4096).toString(), "read-only", true));
        GraphException error = assertThrows(GraphException.class, () -> export("e", "ro", true));
        assertTrue(error.getMessage().contains("'ro'"), error.getMessage());
        export("e", "ro", false);
    }
}
