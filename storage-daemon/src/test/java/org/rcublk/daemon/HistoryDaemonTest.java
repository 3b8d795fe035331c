// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rcublk.daemon.monitor.QmpClient;
import picocli.CommandLine;

/** The daemon keeps a history, and the command shows it while the daemon runs and after it was killed. */
@Timeout(180)
class HistoryDaemonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** What the command did, in this process. */
    private record Run(int status, String out, String err) {
        JsonNode json() throws IOException {
            assertEquals(0, status, err);
            return JSON.readTree(out);
        }
    }

    private Run history(String line) {
        List<String> arguments = new ArrayList<>(
                List.of("history", "--state", folder.resolve("state").toString()));
        arguments.addAll(List.of(line.split(" ", -1)));
        return rcublk(arguments);
    }

    private static Run rcublk(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(arguments.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    private DaemonProcess start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "storage-daemon",
                "--state",
                folder.resolve("state").toString(),
                "--blockdev",
                "memory,node-name=disk,size=1M",
                "--nbd-server",
                "addr.type=unix,addr.path=" + folder.resolve("nbd"),
                "--export",
                "nbd,id=vda,node-name=disk,writable=on",
                "--chardev",
                "socket,id=c,path=" + folder.resolve("m") + ",server=on,wait=off",
                "--monitor",
                "c",
                "--pidfile",
                folder.resolve("pid").toString()));
        arguments.addAll(List.of(more));
        return new DaemonProcess(folder, arguments.toArray(String[]::new));
    }

    private void insertFilter() throws IOException {
        try (QmpClient monitor = QmpClient.ready(folder.resolve("m"))) {
            JsonNode answer = monitor.execute(
                    "x-blockdev-insert-filter",
                    "{'node':'disk','filter':{'driver':'passthrough','node-name':'f0'},'deadline-ms':30000}"
                            .replace('\'', '"'));
            assertTrue(answer.has("return"), answer.toString());
        }
    }

    /** The history is written behind the publication. */
    private void awaitKind(String kind) throws IOException {
        while (!history("list --json --last 1").json().at("/0/kind").asText().equals(kind)
                || !history("list --json").out().contains("insert filter")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void showsWhatTheDaemonDid() throws IOException, InterruptedException {
        try (DaemonProcess daemon = start()) {
            daemon.awaitFile(folder.resolve("pid"));
            insertFilter();
            awaitKind("change");
            Run list = history("list");
            assertTrue(list.out().contains("[+f0 ~disk ~root vda]"), list.out());
            JsonNode last = history("show last --json").json();
            assertEquals("f0", last.at("/graph/roots/0/node").asText());
            assertEquals(1 << 20, sizeOf(last, "disk"));
            assertTrue(last.at("/entry/gated-ns").asLong() > 0, last.toString());
            Run diff = history("diff 0 last");
            assertTrue(diff.out().contains("+ root vda (export) -> f0 uses"), diff.out());
            assertTrue(diff.out().contains("+ edge f0.file -> disk (filtered, primary) uses"), diff.out());
            JsonNode json = history("diff 0 last --json").json();
            assertEquals("vda", json.at("/roots/0/after/id").asText());
            assertEquals("f0", json.at("/edges/0/parent").asText());
            assertEquals("no difference\n", lastLine(history("diff last last").out()));
            assertTrue(history("show 2").out().contains("root vda")
                    || history("show 2").out().contains("node disk"));
            DaemonProcess second = new DaemonProcess(
                    folder, "storage-daemon", "--state", folder.resolve("state").toString());
            assertEquals(1, second.exitStatus());
            assertTrue(
                    second.output().startsWith("rcublk: state directory '" + folder.resolve("state")), second.output());
            assertEquals(1, second.output().lines().count());
            daemon.terminate();
            assertEquals(0, daemon.exitStatus(), daemon.output());
            assertEquals("", daemon.output());
        }
        assertEquals("end", history("list --json --last 1").json().at("/0/kind").asText());
    }

    private static String lastLine(String text) {
        return text.lines().reduce((a, b) -> b).orElse("") + "\n";
    }

    private static long sizeOf(JsonNode shown, String name) {
        for (JsonNode node : shown.at("/graph/nodes")) {
            if (node.path("name").asText().equals(name)) {
                return node.path("size").asLong();
            }
        }
        throw new AssertionError(shown.toString());
    }

    @Test
    void isDrawnAfterTheDaemonWasKilled() throws IOException, InterruptedException {
        try (DaemonProcess daemon = start()) {
            daemon.awaitFile(folder.resolve("pid"));
            insertFilter();
            awaitKind("change");
            daemon.kill();
        }
        for (String format : List.of("svg", "dot", "mermaid", "json")) {
            Run drawn = history("draw last --format " + format);
            assertEquals(0, drawn.status(), drawn.err());
            assertTrue(drawn.out().contains("f0") && drawn.out().contains("vda"), drawn.out());
        }
        Path file = folder.resolve("graph.svg");
        assertEquals(new Run(0, "", ""), history("draw 1:last -o " + file));
        assertTrue(Files.readString(file).contains("</svg>"));
        Run unwritable = history("draw last -o /no/such/folder/x");
        assertEquals(1, unwritable.status());
        assertTrue(unwritable.err().contains("/no/such/folder/x"), unwritable.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | history --state {} | missing subcommand",
                "2 | history list | --state",
                "2 | history --state {} list --last 0 | 1 or more",
                "2 | history --state {} show | VERSION",
                "2 | history --state {} show x | 3:17",
                "2 | history --state {} show -1 | -1",
                "2 | history --state {} draw 1 --format png | svg",
                "1 | history --state {} list | no history",
                "1 | history --state {}/nothing show 1 | does not exist",
                "2 | storage-daemon --state {} --state-limit 1000 | at least 1M",
                "2 | storage-daemon --state | --state",
            })
    void errorsAreOneLine(int status, String line, String reason) {
        Run run = rcublk(List.of(line.replace("{}", folder.toString()).split(" ", -1)));
        assertEquals(status, run.status(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(reason), run.err());
    }

    @Test
    void aStateDirectoryThatCannotBeMadeIsNamed() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("state"), "x");
        try (DaemonProcess daemon = start()) {
            assertEquals(1, daemon.exitStatus());
            assertEquals(
                    "rcublk: state directory '" + file + "' is a file: give --state a directory\n", daemon.output());
        }
        assertFalse(Files.exists(folder.resolve("pid")));
    }
}
