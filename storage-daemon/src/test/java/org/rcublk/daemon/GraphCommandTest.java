// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rcublk.view.GraphFormat;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphView;
import picocli.CommandLine;

/** {@code rcublk graph}, with a real daemon and with what is none. */
@Timeout(120)
class GraphCommandTest {
    private static final String GREETING = "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\r\n";
    private static final String READY = GREETING + "{\"return\":{}}\r\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 1];
        all[0] = "graph";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return command.execute(all);
    }

    private String failure(int status, String... arguments) {
        assertEquals(status, run(arguments), err.toString());
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        return err.toString();
    }

    @Test
    void drawsTheGraphOfARunningDaemon() throws IOException {
        Path socket = folder.resolve("m");
        try (DaemonProcess daemon = new DaemonProcess(
                folder,
                "storage-daemon",
                "--blockdev",
                "memory,node-name=disk,size=1M",
                "--blockdev",
                "passthrough,node-name=f0,file=disk",
                "--nbd-server",
                "addr.type=unix,addr.path=" + folder.resolve("nbd"),
                "--export",
                "nbd,id=vda,node-name=f0,writable=on",
                "--chardev",
                "socket,id=c,path=" + socket + ",server=on,wait=off",
                "--monitor",
                "c",
                "--pidfile",
                folder.resolve("pid").toString())) {
            daemon.awaitFile(folder.resolve("pid"));
            assertEquals(0, run("--monitor", socket.toString()), err.toString());
            GraphView view = GraphJson.parse(out.toString());
            assertEquals("vda", view.roots().getFirst().id());
            assertEquals("f0", view.nodes().get(1).name());
            for (GraphFormat format : GraphFormat.values()) {
                assertEquals(0, run("--monitor", socket.toString(), "--format", format.word()), err.toString());
                assertEquals(format.draw(view), out.toString());
            }
            Path file = folder.resolve("graph.svg");
            assertEquals(0, run("--monitor", socket.toString(), "--format", "svg", "-o", file.toString()));
            assertEquals("", out.toString() + err);
            assertEquals(GraphFormat.SVG.draw(view), Files.readString(file));
            String nowhere = failure(1, "--monitor", socket.toString(), "-o", "/no/such/folder/x");
            assertTrue(nowhere.contains("'/no/such/folder/x': there is no such folder"), nowhere);
            String notMonitor = failure(
                    1, "--timeout", "1", "--monitor", folder.resolve("nbd").toString());
            assertTrue(notMonitor.contains("nbd': "), notMonitor);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " | Missing required option: '--monitor=SOCKET'",
                "--monitor | --monitor",
                "--monitor m --format png | --format is 'png': use json, dot, mermaid or svg",
                "--monitor m --timeout 0 | --timeout is 0: use 1 to 3600",
                "--monitor m --timeout x | --timeout",
                "--monitor m stray | stray"
            })
    void wrongUsageIsOneLineAndStatusTwo(String line, String reason) {
        String text = failure(2, line == null ? new String[0] : line.split(" ", -1));
        assertTrue(text.contains(reason), text);
    }

    @Test
    void noMonitorIsOneLineAndStatusOne() throws IOException {
        String nothing = failure(1, "--monitor", folder.resolve("none").toString());
        assertTrue(nothing.startsWith("rcublk: monitor '" + folder) && nothing.contains("--chardev"), nothing);
        Path file = Files.writeString(folder.resolve("file"), "x");
        String plain = failure(1, "--monitor", file.toString());
        assertTrue(plain.contains("file': cannot connect: "), plain);
        Path left = folder.resolve("left");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(left));
        }
        String dead = failure(1, "--monitor", left.toString());
        assertTrue(dead.contains("left': cannot connect: Connection refused"), dead);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | closed the connection",
                "{\"QMP\":{}} | closed the connection",
                "NBDMAGIC~ | no JSON",
                "7~ | no JSON object",
                "{\"hello\":1}~ | what listens there is no monitor",
                "GREETING{\"error\":{\"class\":\"x\",\"desc\":\"one\\ntwo\"}}~ | m': one",
                "GREETING{}~ | neither 'return' nor 'error'",
                "READY | closed the connection",
                "READY{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"no such command\"}}~ | no such command",
                "READY{\"event\":\"X\"}~{\"return\":{}}~ | graph.nodes is not a JSON array",
                "READY{\"return\":[]}~ | graph is not a JSON object"
            })
    void aServerThatIsNoneOrHangsUpIsOneLineAndStatusOne(String says, String reason)
            throws IOException, InterruptedException {
        String text = says.replace('~', '\n');
        Path socket = folder.resolve("m");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread = Thread.ofVirtual().start(() -> {
                try (SocketChannel client = server.accept()) {
                    client.write(ByteBuffer.wrap(text.replace("READY", READY)
                            .replace("GREETING", GREETING)
                            .getBytes(StandardCharsets.UTF_8)));
                    client.shutdownOutput();
                    while (client.read(ByteBuffer.allocate(1024)) >= 0) {
                        Thread.onSpinWait();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            String said = failure(1, "--monitor", socket.toString());
            assertTrue(said.startsWith("rcublk: monitor '" + socket + "': "), said);
            assertTrue(said.contains(reason), said);
            thread.join();
        }
    }

    @Test
    void aServerThatSaysNothingIsWaitedForNoLongerThanTheTimeout() throws IOException {
        Path socket = folder.resolve("m");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            String text = failure(1, "--monitor", socket.toString(), "--timeout", "1");
            assertTrue(text.contains("no answer within 1000 ms"), text);
        }
    }
}
