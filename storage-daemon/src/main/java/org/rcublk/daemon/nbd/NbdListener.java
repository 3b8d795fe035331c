// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/** A bound, non-blocking server socket, and the file of a Unix one. */
@GlobalState
final class NbdListener implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final SocketAddress address;
    private final @Nullable Path file;
    private final @Nullable Object fileKey;

    private NbdListener(ServerSocketChannel channel, SocketAddress address, @Nullable Path file) throws IOException {
        this.channel = channel;
        this.address = address;
        this.file = file;
        this.fileKey = file == null ? null : attributes(file).fileKey();
    }

    /**
     * Binds. A file that no server answers on any more is replaced.
     *
     * @throws IOException if the address cannot be had; its message names the address and the mend
     */
    @GlobalState
    static NbdListener bind(SocketAddress address, int backlog) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            return bindUnix(unix, backlog);
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
                throw new IOException("NBD server: unknown host '" + inet.getHostString() + "'");
            }
            channel.bind(address, backlog);
            channel.configureBlocking(false);
            return new NbdListener(channel, channel.getLocalAddress(), null);
        } catch (BindException e) {
            channel.close();
            throw new IOException(
                    "NBD server: cannot listen on " + text(address) + ": " + e.getMessage()
                            + ": stop the other server or choose another address",
                    e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static NbdListener bindUnix(UnixDomainSocketAddress address, int backlog) throws IOException {
        Path path = address.getPath();
        if (path.toString().isEmpty()) {
            throw new IOException("NBD server: a Unix socket needs a path");
        }
        removeStale(address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address, backlog);
            channel.configureBlocking(false);
            return new NbdListener(channel, address, path);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    "NBD server: cannot listen on " + path + ": " + e.getMessage()
                            + ": is its folder there and writable, and the path shorter than 108 bytes?",
                    e);
        }
    }

    private static void removeStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        BasicFileAttributes found;
        try {
            found = attributes(path);
        } catch (NoSuchFileException nothingThere) {
            return;
        }
        if (!found.isOther()) {
            throw new IOException("NBD server: " + path + " exists and is not a socket: choose another path");
        }
        if (answers(address)) {
            throw new IOException(
                    "NBD server: a server answers on " + path + " already: stop it or choose another path");
        }
        Files.deleteIfExists(path);
    }

    /** Whether anyone listens. Never waits: a server whose backlog is full is one that lives. */
    private static boolean answers(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(address);
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException busy) {
            return true;
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : address.toString();
    }

    @AnyThread
    ServerSocketChannel channel() {
        return channel;
    }

    /** Where clients connect: with the port that was given if 0 was asked for. */
    @AnyThread
    SocketAddress address() {
        return address;
    }

    /** Stops listening, and removes the socket's file if it is still the one that was made here. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        channel.close();
        Path made = file;
        if (made != null) {
            try {
                if (Objects.equals(attributes(made).fileKey(), fileKey)) {
                    Files.deleteIfExists(made);
                }
            } catch (NoSuchFileException alreadyGone) {
                return;
            }
        }
    }
}
