// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The least NBD client that a test of the daemon needs: blocking, over a Unix socket. */
public final class PlainNbd implements AutoCloseable {
    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Connects, and asks for an export by name in the oldest way. */
    public PlainNbd(Path socket, String export) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
        out = new DataOutputStream(Channels.newOutputStream(channel));
        in.skipNBytes(18);
        out.writeInt(3); // fixed newstyle, no zeroes
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        out.writeLong(0x49484156454F5054L);
        out.writeInt(1); // EXPORT_NAME
        out.writeInt(name.length);
        out.write(name);
        in.skipNBytes(10);
    }

    /** Sends a read and does not wait. */
    public void startRead(long offset, int length) throws IOException {
        send(0, offset, length);
    }

    /** Reads; the data. */
    public byte[] read(long offset, int length) throws IOException {
        send(0, offset, length);
        return next(length);
    }

    /** The data of the next read that is answered, which has to be without an error. */
    public byte[] next(int length) throws IOException {
        int error = reply();
        if (error != 0) {
            throw new IOException("error " + error);
        }
        return in.readNBytes(length);
    }

    /** Writes and waits; the error number of the reply. */
    public int write(long offset, byte[] data) throws IOException {
        send(1, offset, data.length);
        out.write(data);
        return reply();
    }

    private void send(int type, long offset, int length) throws IOException {
        out.writeInt(0x25609513);
        out.writeShort(0);
        out.writeShort(type);
        out.writeLong(7);
        out.writeLong(offset);
        out.writeInt(length);
    }

    private int reply() throws IOException {
        if (in.readInt() != 0x67446698) {
            throw new IOException("no reply");
        }
        int error = in.readInt();
        in.skipNBytes(8);
        return error;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
