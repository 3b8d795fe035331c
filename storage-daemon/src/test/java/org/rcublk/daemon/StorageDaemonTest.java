// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.daemon.monitor.QmpClient;
import org.rcublk.daemon.service.PlainNbd;
import picocli.CommandLine;

/** The command line, and the daemon as a process. */
@Timeout(120)
class StorageDaemonTest {
    @TempDir
    private Path folder;

    private DaemonProcess start(String disk, String... more) throws IOException {
        String[] usual = {
            "storage-daemon",
            "--object",
            "iothread,id=t0",
            "--blockdev",
            disk + ",node-name=disk",
            "--nbd-server",
            "addr.type=unix,addr.path=" + folder.resolve("nbd"),
            "--export",
            "nbd,id=e,node-name=disk,iothread=t0",
            "--chardev",
            "socket,id=c,path=" + folder.resolve("m") + ",server=on,wait=off",
            "--monitor",
            "c",
            "--pidfile",
            folder.resolve("pid").toString()
        };
        String[] all = java.util.Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        DaemonProcess daemon = new DaemonProcess(folder, all);
        daemon.awaitFile(folder.resolve("pid"));
        return daemon;
    }

    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn:0");
        return (Long.parseUnsignedLong(
                                ignored.substring(ignored.indexOf(':') + 1).trim(), 16)
                        & 0b10)
                != 0;
    }

    private void assertCleanedUp() {
        for (String name : new String[] {"nbd", "m", "pid"}) {
            assertFalse(Files.exists(folder.resolve(name)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "quit"})
    void endsInOrderWithStatusZero(String how) throws IOException, InterruptedException {
        // A shell starts what runs in the background with SIGINT ignored, and a process respects that.
        Assumptions.assumeFalse(how.equals("INT") && ignoresInterrupts(), "SIGINT is ignored here");
        Path image = folder.resolve("image");
        Files.write(image, new byte[4096]);
        try (DaemonProcess daemon = start("file,filename=" + image);
                PlainNbd client = new PlainNbd(folder.resolve("nbd"), "disk")) {
            assertEquals(512, client.read(0, 512).length);
            switch (how) {
                case "TERM" -> daemon.terminate();
                case "INT" -> daemon.interrupt();
                default -> {
                    try (QmpClient monitor = QmpClient.ready(folder.resolve("m"))) {
                        assertTrue(monitor.execute("quit", "{}").has("return"));
                    }
                }
            }
            assertEquals(0, daemon.exitStatus(), daemon.output());
            assertEquals("", daemon.output());
        }
        assertCleanedUp();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "quit"})
    void namesTheRequestThatHoldsItAndEndsWithStatusOne(String how) throws IOException, InterruptedException {
        try (DaemonProcess daemon = start("null-co,latency-ns=4000000000000000000", "--shutdown-timeout", "1");
                PlainNbd client = new PlainNbd(folder.resolve("nbd"), "disk");
                QmpClient monitor = QmpClient.ready(folder.resolve("m"))) {
            client.startRead(8192, 512);
            while (monitor.execute("x-query-rcu", "{}")
                            .at("/return/roots/0/open-tokens")
                            .asInt()
                    == 0) {
                Thread.onSpinWait();
            }
            if (how.equals("TERM")) {
                daemon.terminate();
            } else {
                assertTrue(monitor.execute("quit", "{}").has("return"));
            }
            assertEquals(1, daemon.exitStatus(), daemon.output());
            assertEquals(1, daemon.output().lines().count(), daemon.output());
            assertTrue(
                    daemon.output().contains("read of 512 bytes at 8192 in node 'disk' for root 'e' on t0"),
                    daemon.output());
        }
        assertCleanedUp();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--blockdev file,node-name=a,filename=/no/such/file | /no/such/file",
                "--blockdev file,node-name=a,filename=/ | directory",
                "--blockdev zfs,node-name=a | 'zfs'",
                "--blockdev null,node-name=a,colour=red | colour",
                "--blockdev null,node-name=a  --blockdev null,node-name=a | 'a'",
                "--blockdev raw,node-name=a,file=a | cycle",
                "--blockdev raw,node-name=a,file=b | 'b'",
                "--blockdev null,node-name=a,read-only=on  --nbd-server addr.type=inet,addr.host=127.0.0.1,addr.port=0"
                        + "  --export nbd,id=e,node-name=a,writable=on | 'a'",
                "--nbd-server addr.type=unix,addr.path=/no/such/folder/s | /no/such/folder",
                "--nbd-server addr.type=inet,addr.host=127.0.0.1,addr.port=0  --export nbd,id=e,node-name=a | 'a'",
                "--chardev socket,id=c,path=/no/such/folder/s,server=on,wait=off  --monitor c | /no/such/folder",
                "--pidfile /no/such/folder/pid | /no/such/folder/pid"
            })
    void aFailureIsOneLineAndStatusOne(String line, String reason) throws IOException, InterruptedException {
        try (DaemonProcess daemon = new DaemonProcess(folder, ("storage-daemon  " + line).split(" +", -1))) {
            assertEquals(1, daemon.exitStatus(), daemon.output());
            String last = daemon.output()
                    .lines()
                    .filter(l -> !l.contains("listens on"))
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse("");
            assertEquals(1, last.lines().count(), daemon.output());
            assertTrue(last.startsWith("rcublk: ") && last.contains(reason), daemon.output());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-such-option | --no-such-option",
                "--blockdev | --blockdev: the value is missing",
                "--blockdev null | 'node-name' is missing",
                "--daemonize | in the background",
                "--shutdown-timeout x | --shutdown-timeout",
                "--shutdown-timeout -1 | 0 seconds or more",
                "--storage-workers 0 | 1 to 1024",
                "--pidfile | --pidfile",
                "stray | stray"
            })
    void wrongUsageIsOneLineAndStatusTwo(String line, String reason) {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.getSubcommands().values().forEach(c -> c.setErr(new PrintWriter(err)));
        assertEquals(2, command.setErr(new PrintWriter(err)).execute(("storage-daemon " + line).split(" ", -1)));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(reason), err.toString());
    }

    @Test
    void anEphemeralPortIsTold() throws IOException, InterruptedException {
        try (DaemonProcess daemon = new DaemonProcess(
                folder,
                "storage-daemon",
                "--nbd-server",
                "addr.type=inet,addr.host=127.0.0.1,addr.port=0",
                "--pidfile",
                folder.resolve("pid").toString())) {
            daemon.awaitFile(folder.resolve("pid"));
            assertTrue(
                    daemon.output().matches("rcublk: NBD server listens on 127.0.0.1 port [1-9][0-9]*\n"),
                    daemon.output());
            daemon.terminate();
            assertEquals(0, daemon.exitStatus(), daemon.output());
        }
    }
}
