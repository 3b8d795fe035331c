// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.BlockNode;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.Request;

/** Opening and its errors, locks within one process, sizes, zeroes and discards. */
class FileDriverTest {
    private static final FileSettings READ_ONLY = new FileSettings(true, false, false, true);

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void makeFile() throws IOException {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 1);
        path = Files.write(folder.resolve("disk.img"), bytes);
    }

    /** Opening, reopening, resizing and I/O block: an assertion says so on an IOThread. */
    @Test
    @SuppressWarnings("ReadSectionRequired") // the misuse is what is tested
    void blocksNowhereOnAnIoThread() throws Exception {
        FileDriver driver = FileDriver.open(path, READ_ONLY);
        try (TestDisk disk = TestDisk.empty(1)) {
            BlockNode node = BlockNode.of("file0", "file", driver);
            FileAccess access = (FileAccess) driver.settings();
            Request request =
                    disk.device().openQueue(disk.thread(0), 1, () -> {}).request(0);
            CompletableFuture<List<String>> said = new CompletableFuture<>();
            disk.thread(0)
                    .execute(() -> said.complete(Stream.<Executable>of(
                                    () -> FileDriver.open(path, READ_ONLY),
                                    () -> driver.reopen(node, READ_ONLY),
                                    () -> driver.resize(node, 0),
                                    () -> access.perform(request))
                            .map(misuse ->
                                    assertThrows(AssertionError.class, misuse).getMessage())
                            .toList()));
            String rule = " on IOThread io-0 may block: call it on a thread of the control path";
            assertEquals(
                    List.of(
                            "FileDriver.open" + rule,
                            "FileDriver.reopen" + rule,
                            "FileDriver.resize" + rule,
                            "I/O on file '" + path + "'" + rule),
                    said.get(10, TimeUnit.SECONDS));
        } finally {
            driver.close();
        }
    }

    private static void refused(String expected, Path path, FileSettings settings) {
        for (boolean portable : new boolean[] {false, true}) {
            String message = assertThrows(IOException.class, () -> {
                        FileDriver driver =
                                portable ? FileDriver.openPortable(path, settings) : FileDriver.open(path, settings);
                        driver.close();
                    })
                    .getMessage();
            assertTrue(message.contains(expected) && message.contains(path.toString()), message);
        }
    }

    private TestDisk disk(FileSettings settings) throws IOException {
        return disk(FileDriver.open(path, settings), !settings.readOnly());
    }

    private static TestDisk disk(FileDriver driver, boolean writable) {
        TestDisk disk = TestDisk.empty(1);
        disk.add(BlockNode.of("f", "file", driver));
        disk.attach("f", writable);
        return disk;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void whatIsNoDiskIsRefused() throws IOException {
        refused("does not exist", folder.resolve("missing"), FileSettings.DEFAULT);
        refused("is a directory", folder, FileSettings.DEFAULT);
        refused("is a directory", folder, READ_ONLY);
        assumeTrue(Files.exists(Path.of("/dev/null")));
        refused("neither a regular file nor a block device", Path.of("/dev/null"), READ_ONLY);
    }

    /** A file of sysfs that has no write permission may not even be opened for writing by root. */
    private Path unwritable() {
        Path system = Path.of("/sys/kernel/uevent_seqnum");
        if (Files.exists(system)) {
            return system;
        }
        assumeTrue(path.toFile().setWritable(false) && !Files.isWritable(path), "this user may write to everything");
        return path;
    }

    @Test
    void aFileWithoutPermissionIsRefusedOrReadOnly() throws IOException {
        Path unwritable = unwritable();
        refused("may not be written to", unwritable, FileSettings.DEFAULT);
        FileSettings auto = new FileSettings(false, true, false, true);
        FileDriver driver = FileDriver.open(unwritable, auto);
        assertTrue(driver.readOnly());
        driver.close();
        FileDriver portable = FileDriver.openPortable(unwritable, auto);
        assertTrue(portable.readOnly());
        portable.close();
    }

    @Test
    void oneWriterAndAnyReaders() throws IOException {
        FileDriver writer = FileDriver.open(path, FileSettings.DEFAULT);
        refusedWhileOpen(FileDriver::open);
        FileDriver.open(path, READ_ONLY).close();
        FileDriver.open(path, new FileSettings(false, false, false, false)).close(); // asked not to look at locks
        refusedWhileOpen(FileDriver::open); // readers that close take no lock with them
        writer.close();
        FileDriver.open(path, FileSettings.DEFAULT).close();
    }

    @Test
    void oneWriterWithPortableLocksToo() throws IOException {
        FileDriver writer = FileDriver.openPortable(path, FileSettings.DEFAULT);
        refusedWhileOpen(FileDriver::openPortable);
        writer.close();
        FileDriver.openPortable(path, FileSettings.DEFAULT).close();
    }

    @FunctionalInterface
    private interface Opener {
        FileDriver open(Path path, FileSettings settings) throws IOException;
    }

    private void refusedWhileOpen(Opener opener) {
        String message = assertThrows(IOException.class, () -> opener.open(path, FileSettings.DEFAULT))
                .getMessage();
        assertTrue(message.contains("is locked by another writer") && message.contains(path.toString()), message);
    }

    @Test
    void nothingStaysOpen() throws IOException {
        assumeTrue(LinuxFile.available());
        FileDriver.open(path, FileSettings.DEFAULT).close(); // links the calls
        long before = descriptors();
        FileDriver writer = FileDriver.open(path, FileSettings.DEFAULT);
        assertEquals(before + 2, descriptors());
        for (int i = 0; i < 20; i++) {
            refusedWhileOpen(FileDriver::open);
            refused("does not exist", folder.resolve("missing"), FileSettings.DEFAULT);
            refused("is a directory", folder, READ_ONLY);
        }
        assertEquals(before + 2, descriptors());
        writer.close();
        writer.close();
        assertEquals(before, descriptors());
    }

    @Test
    void theGraphClosesTheFile() throws IOException {
        TestDisk disk = disk(FileSettings.DEFAULT);
        refusedWhileOpen(FileDriver::open);
        disk.close();
        FileDriver.open(path, FileSettings.DEFAULT).close();
    }

    @Test
    void sizeIsExactAndRequestsPastItAreRefused() throws IOException {
        try (TestDisk disk = disk(FileSettings.DEFAULT)) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.write(99_999, new byte[] {7}));
            assertEquals(7, client.read(99_999, 1)[0]);
            assertEquals(-Errno.ENOSPC, client.write(99_999, new byte[2]));
            assertEquals(-Errno.EINVAL, client.read(99_999, new byte[2]));
            assertEquals(0, client.write(100_000, new byte[0]));
        }
        assertEquals(100_000, Files.size(path));
    }

    @Test
    void aShortenedFileReadsAsZeroes() throws IOException {
        try (TestDisk disk = disk(FileSettings.DEFAULT);
                FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
            other.truncate(10);
            byte[] expected = new byte[100_000];
            Arrays.fill(expected, 0, 10, (byte) 1);
            assertArrayEquals(expected, disk.client(0).read(0, 100_000));
        }
    }

    @Test
    void readOnlyRefusesEveryChange() throws IOException {
        try (TestDisk disk = disk(READ_ONLY)) {
            DiskClient client = disk.client(0);
            assertEquals(-Errno.EPERM, client.write(0, new byte[1]));
            assertEquals(-Errno.EPERM, client.call(BlockOp.WRITE_ZEROES, 0, 0, 512));
            assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
            assertEquals(1, client.read(0, 1)[0]);
        }
    }

    @Test
    void discardIsIgnoredUnlessAskedFor() throws IOException {
        try (TestDisk disk = disk(FileSettings.DEFAULT)) {
            assertEquals(0, disk.client(0).call(BlockOp.DISCARD, 0, 0, 65536));
            assertEquals(1, disk.client(0).read(0, 1)[0]);
        }
    }

    private static long blocksOf(Path path) throws IOException {
        Process process = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
        return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    @Test
    void unmapGivesSpaceBack() throws IOException {
        assumeTrue(LinuxFile.available());
        FileSettings unmap = new FileSettings(false, false, true, true);
        try (TestDisk disk = disk(unmap)) {
            DiskClient client = disk.client(0);
            assertEquals(0, client.call(BlockOp.FLUSH, 0, 0, 0));
            long before = blocksOf(path);
            assertEquals(0, client.call(BlockOp.DISCARD, 0, 0, 32768));
            assertEquals(0, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_MAY_UNMAP, 32768, 32768));
            assertArrayEquals(new byte[65536], client.read(0, 65536));
            assertEquals(1, client.read(65536, 1)[0]);
            assertEquals(before - 128, blocksOf(path), "blocks of 512 bytes");
            assertEquals(0, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_FUA, 65536, 1000));
            assertEquals(0, client.read(66535, 1)[0]);
            assertEquals(1, client.read(66536, 1)[0]);
        }
    }

    @Test
    void zeroesAreWrittenWhereTheSystemCannot() throws IOException {
        try (TestDisk disk = disk(FileDriver.openPortable(path, FileSettings.DEFAULT), true)) {
            DiskClient client = disk.client(0);
            assertEquals(-Errno.ENOTSUP, client.call(BlockOp.WRITE_ZEROES, BlockOp.FLAG_NO_FALLBACK, 5, 90_000));
            assertEquals(1, client.read(5, 1)[0]);
            assertEquals(0, client.call(BlockOp.WRITE_ZEROES, 0, 5, 90_000));
            assertArrayEquals(new byte[90_000], client.read(5, 90_000));
            assertEquals(1, client.read(4, 1)[0]);
            assertEquals(1, client.read(90_005, 1)[0]);
        }
    }

    @Test
    void aFullFileSystemIsNoSpace() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE)) {
            IOException e = assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertTrue(FileAccess.noSpace(e), e.toString());
        }
    }

    @Test
    void aPathOfAnyCharacters() throws IOException {
        Path odd = folder.resolve("a b'\u00e4\u20ac,x=1.img");
        Files.write(odd, new byte[512]);
        try (TestDisk disk = TestDisk.of(1, Map.of("driver", "file", "filename", odd.toString()))) {
            assertEquals(0, disk.client(0).write(0, new byte[] {1}));
        }
        assertEquals(1, Files.readAllBytes(odd)[0]);
    }
}
