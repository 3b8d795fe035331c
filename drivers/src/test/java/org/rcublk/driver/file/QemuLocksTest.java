// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.driver.testkit.Tool;

/** QEMU's tools and the file driver on one image: readers beside a writer, but never two writers. */
class QemuLocksTest {
    @TempDir
    Path folder;

    private String image;
    private Path path;

    @BeforeEach
    void prepare() throws IOException {
        Tool.require("qemu-io");
        Tool.require("qemu-img");
        assumeTrue(LinuxFile.available(), "QEMU sees the locks of Linux only");
        path = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        image = path.toString();
    }

    private static Tool.Result passes(String... command) throws IOException {
        Tool.Result result = Tool.run(command);
        assertEquals(0, result.status(), result.output());
        return result;
    }

    private Tool.Result write() throws IOException {
        return Tool.run("qemu-io", "-f", "raw", "-c", "write -P 7 0 512", image);
    }

    @Test
    void qemuReadsButDoesNotWriteWhatIsOpenForWritingHere() throws IOException {
        String copy = Files.copy(path, folder.resolve("copy.img")).toString();
        FileDriver driver = FileDriver.open(path, FileSettings.DEFAULT);
        passes("qemu-img", "info", image);
        passes("qemu-img", "compare", "-f", "raw", "-F", "raw", image, copy);
        passes("qemu-io", "-r", "-f", "raw", "-c", "read -P 0 0 1M", image);
        Tool.Result refused = write();
        assertNotEquals(0, refused.status(), "qemu-io wrote beside us: " + refused.output());
        assertTrue(refused.output().contains("lock"), refused.output());
        driver.close();
        passes("qemu-io", "-f", "raw", "-c", "write -P 7 0 512", image);
        assertEquals(7, Files.readAllBytes(path)[0]);
    }

    @Test
    void qemuWritesWhatIsOpenForReadingHere() throws IOException {
        FileDriver driver = FileDriver.open(path, new FileSettings(true, false, false, true));
        assertEquals(0, write().status());
        driver.close();
    }

    @Test
    void whatQemuHasOpenForWritingIsRefusedHere() throws IOException {
        // Without -c it reads commands, and says so by a prompt, when the image is open and locked.
        Process qemu = Tool.start(List.of("qemu-io", "-f", "raw", image));
        try {
            InputStream output = qemu.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("qemu-io>") < 0) {
                int next = output.read();
                assertTrue(next >= 0, "qemu-io ended: " + seen);
                seen.append((char) next);
            }
            String message = assertThrows(IOException.class, () -> FileDriver.open(path, FileSettings.DEFAULT))
                    .getMessage();
            assertTrue(message.contains("is locked by another writer"), message);
            FileDriver.open(path, new FileSettings(true, false, false, true)).close();
            qemu.getOutputStream().write("quit\n".getBytes(StandardCharsets.US_ASCII));
            qemu.getOutputStream().flush();
            assertEquals(0, Tool.end(qemu));
        } finally {
            qemu.destroyForcibly();
        }
        FileDriver.open(path, FileSettings.DEFAULT).close();
    }
}
