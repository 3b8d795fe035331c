// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(120)
class BenchCommandTest {
    private static final String SHORT = "--runtime=0.2 --ramp=0.05 --numjobs=3 --iodepth=4";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String options) {
        CommandLine command = new CommandLine(new BenchCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler((error, args) -> {
                    err.append(error.getMessage()).append("\n");
                    return 2;
                });
        return command.execute(
                Stream.of(options.split(" ")).filter(o -> !o.isEmpty()).toArray(String[]::new));
    }

    private JsonNode json(String options) throws IOException {
        assertEquals(0, run(SHORT + " --json " + options), err.toString());
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertTrue(result.get("ok").asBoolean());
        assertEquals(0, result.get("errors").asLong());
        assertTrue(result.get("submitted").asLong() > 0);
        assertEquals(result.get("submitted").asLong(), result.get("completed").asLong());
        return result;
    }

    @ParameterizedTest
    @CsvSource({"none, null", "1, null", "2, memory", "per-queue, memory", "none, file", "per-queue, file"})
    void everyMappingOnEveryDriver(String ioThreads, String driver) throws IOException {
        String file = driver.equals("file") ? " --size=4m --filename=" + folder.resolve("made.img") : "";
        JsonNode result = json("--rw=randrw --driver=" + driver + " --iothreads=" + ioThreads + file);
        assertEquals(ioThreads, result.get("iothreads").asText());
        assertTrue(result.get("reads").asLong() > 0);
        assertTrue(result.get("writes").asLong() > 0);
        assertTrue(result.get("latency-ns").get("max").asLong()
                >= result.get("latency-ns").get("p50").asLong());
        assertEquals(0, result.get("graph-changes").asLong());
        assertEquals(0, result.get("versions-published").asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write"})
    void inOrder(String kind) throws IOException {
        JsonNode result = json("--size=4m --driver=memory --rw=" + kind);
        assertEquals(0, result.get(kind.equals("read") ? "writes" : "reads").asLong());
    }

    @Test
    void aMixHasItsShare() throws IOException {
        JsonNode result = json("--rw=randrw --rwmixread=90");
        assertTrue(result.get("reads").asLong() > 4 * result.get("writes").asLong());
    }

    @Test
    void graphChangesParkRequestsAndFailNone() throws IOException {
        JsonNode result = json("--latency-ns=200000 --graph-changes=1000");
        assertTrue(result.get("graph-changes").asLong() > 0);
        assertEquals(0, result.get("graph-changes-failed").asLong());
        // A gate, and the change that takes it off.
        assertTrue(result.get("versions-published").asLong()
                >= 2 * result.get("graph-changes").asLong() - 2);
        assertTrue(result.get("requests-parked").asLong() > 0);
        assertTrue(result.get("longest-gate-ns").asLong() > 0);
    }

    @Test
    void aTableForPeople() {
        assertEquals(0, run(SHORT), err.toString());
        for (String name : new String[] {"IOPS", "p99.9", "CPU per I/O", "requests parked", "longest gate"}) {
            assertTrue(out.toString().contains(name), out.toString());
        }
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rw=sideways",
                "--bs=1000",
                "--bs=4x",
                "--bs=99999999999t",
                "--numjobs=0",
                "--iodepth=0",
                "--iodepth=65536 --numjobs=1024 --bs=1g",
                "--runtime=0",
                "--runtime=NaN",
                "--ramp=-1",
                "--size=1",
                "--driver=floppy",
                "--driver=file",
                "--filename=x",
                "--overwrite",
                "--driver=memory --latency-ns=5",
                "--latency-ns=-1",
                "--iothreads=0",
                "--iothreads=many",
                "--storage-workers=0",
                "--graph-changes=-1",
                "--rwmixread=50",
                "--rw=randrw --rwmixread=101",
                "--design=none-such",
                "--driver=memory --rw=randwrite --size=1000t",
                "--no-such-option"
            })
    void wrongOptionsAreOneLineAndStatusTwo(String options) {
        assertEquals(2, run(options), out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        String option = options.substring(options.lastIndexOf("--")).replaceAll("=.*", "");
        assertTrue(err.toString().contains(option), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void aMissingFileNeedsASize() {
        assertEquals(1, run("--driver=file --filename=" + folder.resolve("none.img")));
        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().contains("--size"), err.toString());
        assertFalse(Files.exists(folder.resolve("none.img")));
    }

    @Test
    void anExistingFileIsNotOverwrittenUnlessAsked() throws IOException {
        Path file = Files.write(folder.resolve("precious.img"), new byte[1 << 20]);
        String options = SHORT + " --size=1m --driver=file --rw=randwrite --filename=" + file;
        assertEquals(1, run(options));
        assertTrue(err.toString().contains("--overwrite"), err.toString());
        assertArrayEquals(new byte[1 << 20], Files.readAllBytes(file));
        assertEquals(0, run(options + " --overwrite"), err.toString());
        assertFalse(Arrays.equals(new byte[1 << 20], Files.readAllBytes(file)));
        assertEquals(1 << 20, Files.size(file));
    }

    @Test
    void aReadOfAnExistingFileNeedsNoLeaveAndChangesNothing() throws IOException {
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 7);
        Path file = Files.write(folder.resolve("precious.img"), content);
        assertEquals(0, run("--runtime=0.1 --ramp=0 --driver=file --filename=" + file), err.toString());
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @CsvSource({"'', directory", "sub/none.img, folder"})
    void whatIsNoFileIsOneLine(String name, String mention) {
        assertEquals(1, run("--size=1m --driver=file --filename=" + folder.resolve(name)));
        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().contains(mention), err.toString());
    }

    @Test
    void aFileThatIsTooSmallIsOneLine() throws IOException {
        Path file = Files.write(folder.resolve("small.img"), new byte[4096]);
        assertEquals(1, run("--size=1m --driver=file --filename=" + file));
        assertTrue(err.toString().contains("--size"), err.toString());
    }
}
