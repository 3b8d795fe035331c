// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of the monitor for tests: plain blocking I/O, one answer a line. */
public final class QmpClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SocketChannel channel;
    private final BufferedReader reader;
    private final JsonNode greeting;

    private QmpClient(Path path) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        greeting = read();
    }

    /** Connects and reads the greeting. */
    public static QmpClient connect(Path path) throws IOException {
        return new QmpClient(path);
    }

    /** Connects and negotiates. */
    public static QmpClient ready(Path path) throws IOException {
        QmpClient client = new QmpClient(path);
        client.send("{\"execute\":\"qmp_capabilities\"}");
        client.read();
        return client;
    }

    /** What the server said first. */
    public JsonNode greeting() {
        return greeting;
    }

    /** Sends text as it is. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Waits for one message; a missing node at the end of the stream. */
    public JsonNode read() throws IOException {
        String line = reader.readLine();
        return line == null ? MAPPER.missingNode() : MAPPER.readTree(line);
    }

    /** Sends a command, its arguments as JSON with ' for ", and waits for the answer. */
    public JsonNode execute(String command, String arguments) throws IOException {
        send("{\"execute\":\"" + command + "\",\"arguments\":" + arguments.replace('\'', '"') + "}\n");
        return read();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
