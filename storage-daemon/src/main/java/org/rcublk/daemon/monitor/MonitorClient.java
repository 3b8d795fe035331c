// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rcublk.daemon.options.Json;

/**
 * A client of a daemon's monitor: connects, negotiates, and sends commands one after the other, all within one time.
 * Whatever goes wrong is an {@link IOException} with one line that names the socket. Confined to one thread.
 */
public final class MonitorClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper(Json.factory());
    private static final int MAX_MESSAGE = 256 << 20;
    private static final int BLOCK = 1 << 16;

    private final Path path;
    private final long end;
    private final Duration patience;
    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();

    private MonitorClient(Path path, Duration patience, SocketChannel channel, Selector selector) {
        this.path = path;
        this.patience = patience;
        this.end = System.nanoTime() + patience.toNanos();
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Connects and negotiates.
     *
     * @param path the monitor's socket
     * @param patience how long this and all commands together may take
     * @return the client
     * @throws IOException when there is no monitor, or none that answers in time
     */
    public static MonitorClient connect(Path path, Duration patience) throws IOException {
        MonitorClient client = open(path, patience);
        try {
            JsonNode greeting = client.read();
            if (!greeting.has("QMP")) {
                throw client.failure(
                        "what listens there is no monitor: name the path of a --chardev that --monitor uses");
            }
            client.execute("qmp_capabilities", Map.of());
            return client;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static MonitorClient open(Path path, Duration patience) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException("monitor '" + path + "': there is no such socket: start the daemon with --chardev"
                    + " socket,id=ID,path=PATH,server=on,wait=off --monitor ID and name its PATH");
        }
        Selector selector = Selector.open();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false); // a hung daemon's backlog may be full, and must not hang us
            if (!channel.connect(UnixDomainSocketAddress.of(path))) {
                throw new IOException("too many clients wait for it");
            }
            channel.register(selector, SelectionKey.OP_READ);
            return new MonitorClient(path, patience, channel, selector);
        } catch (IOException | RuntimeException e) {
            channel.close();
            selector.close();
            throw new IOException(
                    "monitor '" + path + "': cannot connect: " + e.getMessage()
                            + ": a daemon must run and listen there",
                    e);
        }
    }

    /**
     * Sends a command and waits for its answer; events are passed over.
     *
     * @param command the command
     * @param arguments its arguments, as values that JSON has
     * @return what the answer holds
     * @throws IOException when the command was refused, or the answer did not come in time
     */
    public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("execute", command);
        message.put("arguments", arguments);
        write(ByteBuffer.wrap(MAPPER.writeValueAsBytes(message)));
        write(ByteBuffer.wrap(new byte[] {'\n'}));
        JsonNode answer = read();
        while (answer.has("event")) {
            answer = read();
        }
        if (answer.has("return")) {
            return answer.get("return");
        }
        if (answer.has("error")) {
            throw failure(answer.at("/error/desc").asText().lines().findFirst().orElse("the command was refused"));
        }
        throw failure("answered with neither 'return' nor 'error': it is no monitor");
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (transfer(() -> channel.write(bytes)) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /** The next line; our monitor sends one message a line. */
    private JsonNode read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (block.hasRemaining()) {
                byte b = block.get();
                if (b == '\n') {
                    return parse(line.toString(StandardCharsets.UTF_8));
                }
                line.write(b);
            }
            if (line.size() > MAX_MESSAGE) {
                throw failure("the answer is longer than " + MAX_MESSAGE + " bytes");
            }
            fill();
        }
    }

    private void fill() throws IOException {
        block.clear();
        try {
            int count = transfer(() -> channel.read(block));
            while (count == 0) {
                await(SelectionKey.OP_READ);
                count = transfer(() -> channel.read(block));
            }
            if (count < 0) {
                throw failure("the daemon closed the connection: see whether it still runs, and try again");
            }
        } finally {
            block.flip();
        }
    }

    private interface Transfer {
        int run() throws IOException;
    }

    private int transfer(Transfer transfer) throws IOException {
        try {
            return transfer.run();
        } catch (IOException e) {
            throw new IOException(
                    failure("the connection broke: " + e.getMessage()).getMessage(), e);
        }
    }

    private void await(int operation) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        long millis = Math.ceilDiv(end - System.nanoTime(), 1_000_000);
        if (millis <= 0 || (selector.select(millis) == 0 && System.nanoTime() - end >= 0)) {
            throw failure("no answer within " + patience.toMillis() + " ms: see whether the daemon hangs");
        }
        selector.selectedKeys().clear();
    }

    private JsonNode parse(String line) throws IOException {
        try {
            JsonNode message = MAPPER.readTree(line);
            if (message != null && message.isObject()) {
                return message;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(
                    failure("what it said is no JSON, so it is no monitor: " + Json.explain(e))
                            .getMessage(),
                    e);
        }
        throw failure("what it said is no JSON object, so it is no monitor");
    }

    private IOException failure(String what) {
        return new IOException("monitor '" + path + "': " + what);
    }
}
