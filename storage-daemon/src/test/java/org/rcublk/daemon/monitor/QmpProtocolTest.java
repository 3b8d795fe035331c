// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol alone, over a real socket, with commands made for the test. */
@Timeout(60)
class QmpProtocolTest {
    private final AtomicInteger quits = new AtomicInteger();
    private final CountDownLatch letGo = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private Path path;
    private MonitorServer server;

    @BeforeEach
    void listen() throws IOException {
        path = folder.resolve("m");
        Command echo = arguments -> Map.of("said", arguments.string("say"));
        Command wait = arguments -> {
            assertTrue(awaited(letGo));
            return Map.of();
        };
        Command bug = arguments -> {
            throw new IllegalStateException("a bug of the test");
        };
        server = MonitorServer.listen(path, Map.of("echo", echo, "wait", wait, "bug", bug), quits::incrementAndGet);
    }

    @AfterEach
    void close() {
        letGo.countDown();
        server.close();
        assertFalse(Files.exists(path));
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static String echo(String word) {
        return "{\"execute\":\"echo\",\"arguments\":{\"say\":\"" + word + "\"}}";
    }

    @Test
    void greetsAndNegotiates() throws IOException {
        try (QmpClient client = QmpClient.connect(path)) {
            assertTrue(client.greeting().at("/QMP/version/qemu/major").isInt());
            assertTrue(client.greeting().at("/QMP/capabilities").isArray());
            JsonNode early = client.execute("echo", "{'say':'x'}");
            assertEquals("CommandNotFound", early.at("/error/class").asText());
            assertTrue(early.at("/error/desc").asText().contains("qmp_capabilities"));
            assertTrue(client.execute("qmp_capabilities", "{'enable':['oob']}").has("error"));
            assertTrue(client.execute("qmp_capabilities", "{'enable':[]}").has("return"));
            assertEquals(
                    "CommandNotFound",
                    client.execute("qmp_capabilities", "{}").at("/error/class").asText());
            assertEquals(
                    "x",
                    client.execute("echo", "{'say':'x'}").at("/return/said").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"7", "\"a\"", "{\"deep\":[1,null,2.5]}", "null", "true"})
    void echoesTheId(String id) throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("{\"execute\":\"query-version\",\"id\":" + id + "}");
            assertEquals(id, client.read().get("id").toString());
            client.send("{\"execute\":\"no-such\",\"id\":" + id + "}");
            JsonNode error = client.read();
            assertEquals("CommandNotFound", error.at("/error/class").asText());
            assertEquals(id, error.get("id").toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"execute\":\"echo\"}                             | echo: 'say' is missing",
                "{\"execute\":\"echo\",\"arguments\":{\"say\":1}}   | echo: 'say' must be a string, not 1",
                "{\"execute\":\"echo\",\"arguments\":[]}            | 'arguments' must be an object",
                "{\"execute\":\"query-version\",\"arguments\":{\"a\":1}} | query-version: unknown key 'a'",
                "{\"execute\":7}                                    | 'execute' must be there",
                "{}                                                 | 'execute' must be there",
                "{\"execute\":\"echo\",\"argument\":{}}             | unknown member 'argument'",
                "{\"execute\":\"bug\"}                              | internal error",
                "{\"execute\" \"echo\"}                             | malformed JSON",
                "{\"execute\":\"echo\",\"execute\":\"echo\"}        | Duplicate",
                "{\"execute\":nonsense}                             | malformed JSON",
                "{'execute':'echo'}                                 | malformed JSON",
                "{\"execute\":\"a                                   | malformed JSON",
                "{\"execute\":\"echo\"\u0001}                       | malformed JSON",
                "[1]                                                | begins with '{'",
                "hello                                              | begins with '{'"
            })
    void anErrorNamesTheCauseAndTheConnectionGoesOn(String message, String reason) throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send(message + "\n" + echo("after") + "\n");
            JsonNode error = client.read();
            assertEquals("GenericError", error.at("/error/class").asText());
            String text = error.at("/error/desc").asText();
            assertTrue(text.contains(reason), text);
            assertEquals(1, text.lines().count(), text);
            assertEquals("after", client.read().at("/return/said").asText());
        }
    }

    @Test
    void messagesNeedNoNewlinesAndMayComeInPieces() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send(echo("a") + echo("b") + "  \r\n\t" + echo("c"));
            assertEquals("a", client.read().at("/return/said").asText());
            assertEquals("b", client.read().at("/return/said").asText());
            assertEquals("c", client.read().at("/return/said").asText());
            for (char c : echo("\u00e4").toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertEquals("\u00e4", client.read().at("/return/said").asText());
        }
    }

    @Test
    void afterAnErrorAClientThatSendsNoNewlinesGetsItsNextAnswer() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("{\"execute\":nonsense}");
            assertTrue(client.read().has("error"));
            client.send(echo("next"));
            assertEquals("next", client.read().at("/return/said").asText());
        }
    }

    @Test
    void byteFfStartsAfresh() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("{\"execute\":{\"half");
            client.send(new byte[] {(byte) 0xff});
            assertTrue(client.read().has("error"));
            client.send(echo("fresh"));
            assertEquals("fresh", client.read().at("/return/said").asText());
        }
    }

    @Test
    void tooDeepAndTooLongAreRefused() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("{\"a\":".repeat(65) + "1" + "}".repeat(65) + "\n");
            assertTrue(client.read().at("/error/desc").asText().contains("64"));
            client.send("{\"id\":\"" + "x".repeat(1 << 20) + "\"}\n");
            assertTrue(client.read().at("/error/desc").asText().contains("longer than"));
            String fits = "y".repeat((1 << 20) - 100);
            client.send(echo(fits));
            assertEquals(fits, client.read().at("/return/said").asText());
        }
    }

    @Test
    void nothingButGarbageIsHungUpOn() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("garbage\n".repeat(1000));
            int errors = 0;
            JsonNode answer = client.read();
            while (answer.has("error")) {
                errors++;
                answer = client.read();
            }
            assertTrue(answer.isMissingNode());
            assertTrue(errors > 10 && errors < 1000, errors + " errors");
        } catch (IOException e) {
            // the server hung up before all was sent: just as good
        }
        try (QmpClient client = QmpClient.ready(path)) {
            assertTrue(client.execute("query-commands", "{}").has("return"));
        }
    }

    @Test
    void aCommandThatWaitsKeepsNoOtherClientWaiting() throws IOException {
        try (QmpClient waiting = QmpClient.ready(path);
                QmpClient other = QmpClient.ready(path)) {
            waiting.send("{\"execute\":\"wait\"}" + echo("second"));
            assertEquals(
                    "x", other.execute("echo", "{'say':'x'}").at("/return/said").asText());
            letGo.countDown();
            assertTrue(waiting.read().at("/return").isEmpty());
            assertEquals("second", waiting.read().at("/return/said").asText());
        }
    }

    /** The client is gone before anything is written to it. */
    @Test
    void quitIsCarriedOutForAClientThatHasHungUp() {
        OutputStream greetingOnly = new OutputStream() {
            private boolean quitSent;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                String text = new String(bytes, from, length, StandardCharsets.UTF_8);
                quitSent |= text.contains("return");
                if (quitSent && !text.contains("return")) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        String messages = "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}";
        InputStream in = new ByteArrayInputStream(messages.getBytes(StandardCharsets.UTF_8));
        QmpConnection connection =
                new QmpConnection(in, greetingOnly, ProtocolCommands.with(Map.of()), quits::incrementAndGet);
        assertThrows(IOException.class, connection::serve);
        assertEquals(1, quits.get());
    }

    @Test
    void quitAnswersTellsAndHangsUp() throws IOException {
        try (QmpClient client = QmpClient.ready(path)) {
            client.send("{\"execute\":\"quit\",\"id\":1}" + echo("too late"));
            assertEquals(1, client.read().get("id").asInt());
            assertEquals("SHUTDOWN", client.read().get("event").asText());
            assertTrue(client.read().isMissingNode());
            assertEquals(1, quits.get());
        }
    }

    @Test
    void anyBytesAreAnsweredOrHungUpOn() throws IOException {
        Random random = new Random(20261122);
        byte[] seed = (echo("fuzz") + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int round = 0; round < 300; round++) {
            try (QmpClient client = QmpClient.ready(path)) {
                byte[] bytes = seed.clone();
                int changes = 1 + random.nextInt(6);
                for (int i = 0; i < changes; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                client.send(bytes);
                client.send(new byte[] {(byte) 0xff, '\n'});
                client.send("\n{\"execute\":\"query-version\",\"id\":\"probe\"}\n");
                JsonNode answer = client.read();
                while (!answer.path("id").asText().equals("probe")) {
                    assertFalse(answer.isMissingNode(), "round " + round);
                    answer = client.read();
                }
            }
        }
    }

    @Test
    void aPathThatIsTakenIsNotTouched() throws IOException {
        IOException inUse = assertThrows(IOException.class, () -> MonitorServer.listen(path, Map.of(), () -> {}));
        assertTrue(inUse.getMessage().contains("another process listens"), inUse.getMessage());
        Path file = Files.createFile(folder.resolve("file"));
        IOException noSocket = assertThrows(IOException.class, () -> MonitorServer.listen(file, Map.of(), () -> {}));
        assertTrue(noSocket.getMessage().contains("is no socket"), noSocket.getMessage());
        assertTrue(Files.exists(file));
        Path missing = folder.resolve("none/m");
        assertThrows(IOException.class, () -> MonitorServer.listen(missing, Map.of(), () -> {}));
    }
}
