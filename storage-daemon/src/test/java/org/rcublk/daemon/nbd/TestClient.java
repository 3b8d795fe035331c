// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A plain, blocking NBD client that can also say what no client should. */
final class TestClient implements AutoCloseable {
    static final int FIXED = 1;
    static final int NO_ZEROES = 2;

    /** A reply to an option. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OptionReply(int option, int type, byte[] data) {
        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        int u16(int at) {
            return ByteBuffer.wrap(data).getShort(at) & 0xffff;
        }

        int u32(int at) {
            return ByteBuffer.wrap(data).getInt(at);
        }

        long u64(int at) {
            return ByteBuffer.wrap(data).getLong(at);
        }
    }

    /** A simple reply, without payload. */
    record Reply(int error, long cookie) {}

    final SocketChannel channel;
    private long nextCookie = 1000;

    TestClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    ByteBuffer receive(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server closed the connection " + bytes.remaining() + " bytes too early");
            }
        }
        return bytes.flip();
    }

    /** Whether the server has closed the connection; waits for a byte or the end. */
    boolean isClosedByServer() {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Greeting and client flags. */
    int begin(int clientFlags) throws IOException {
        ByteBuffer greeting = receive(18);
        if (greeting.getLong() != Nbd.INIT_MAGIC || greeting.getLong() != Nbd.OPTION_MAGIC) {
            throw new IOException("not a greeting");
        }
        send(ByteBuffer.allocate(4).putInt(clientFlags).flip());
        return greeting.getShort();
    }

    static ByteBuffer option(int option, byte... data) {
        return ByteBuffer.allocate(16 + data.length)
                .putLong(Nbd.OPTION_MAGIC)
                .putInt(option)
                .putInt(data.length)
                .put(data)
                .flip();
    }

    /** Data of INFO and GO. */
    static byte[] infoData(String name, int... requests) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(6 + bytes.length + 2 * requests.length)
                .putInt(bytes.length)
                .put(bytes)
                .putShort((short) requests.length);
        for (int request : requests) {
            data.putShort((short) request);
        }
        return data.array();
    }

    OptionReply optionReply() throws IOException {
        ByteBuffer header = receive(20);
        if (header.getLong() != Nbd.OPTION_REPLY_MAGIC) {
            throw new IOException("not an option reply");
        }
        int option = header.getInt();
        int type = header.getInt();
        return new OptionReply(option, type, receive(header.getInt()).array());
    }

    /** All replies to an option, up to the final one. */
    List<OptionReply> ask(int option, byte... data) throws IOException {
        send(option(option, data));
        List<OptionReply> replies = new ArrayList<>();
        OptionReply reply;
        do {
            reply = optionReply();
            replies.add(reply);
        } while (reply.type() == Nbd.REP_SERVER || reply.type() == Nbd.REP_INFO);
        return replies;
    }

    /** The whole handshake; returns the transmission flags. */
    int go(String export) throws IOException {
        begin(FIXED | NO_ZEROES);
        List<OptionReply> replies = ask(Nbd.OPT_GO, infoData(export));
        if (replies.getLast().type() != Nbd.REP_ACK) {
            throw new IOException("GO was refused: " + replies.getLast().text());
        }
        return replies.getFirst().u16(10);
    }

    static ByteBuffer request(int flags, int command, long cookie, long offset, int length, byte... payload) {
        return ByteBuffer.allocate(28 + payload.length)
                .putInt(Nbd.REQUEST_MAGIC)
                .putShort((short) flags)
                .putShort((short) command)
                .putLong(cookie)
                .putLong(offset)
                .putInt(length)
                .put(payload)
                .flip();
    }

    Reply reply() throws IOException {
        ByteBuffer header = receive(16);
        if (header.getInt() != Nbd.REPLY_MAGIC) {
            throw new IOException("not a reply");
        }
        return new Reply(header.getInt(), header.getLong());
    }

    /** Sends a request without a reply payload and waits; returns the error. */
    int call(int flags, int command, long offset, int length, byte... payload) throws IOException {
        long cookie = nextCookie++;
        send(request(flags, command, cookie, offset, length, payload));
        Reply reply = reply();
        if (reply.cookie() != cookie) {
            throw new IOException("the reply is of another request: " + reply.cookie() + " instead of " + cookie);
        }
        return reply.error();
    }

    int write(long offset, byte... payload) throws IOException {
        return call(0, Nbd.CMD_WRITE, offset, payload.length, payload);
    }

    byte[] read(long offset, int length) throws IOException {
        int error = call(0, Nbd.CMD_READ, offset, length);
        if (error != 0) {
            throw new IOException("read failed: " + error);
        }
        return receive(length).array();
    }

    void disconnect() throws IOException {
        send(request(0, Nbd.CMD_DISC, 0, 0, 0));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
