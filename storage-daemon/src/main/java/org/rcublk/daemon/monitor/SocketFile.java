// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix socket that a server makes and removes again. A socket that a dead process left behind is
 * replaced; one that somebody listens on, or a file that is no socket, is not touched. What is removed in the end is
 * only what was made, not a file that took its place. Confined to its server's calls.
 */
final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    private static final int MAX_PATH = 107; // sun_path of Linux, without its final zero

    private final Path path;
    private @Nullable Object key;

    private SocketFile(Path path) {
        this.path = path;
    }

    /**
     * Makes room for a socket.
     *
     * @param path where it is going to be
     * @return the file, for {@link #created} after the bind
     * @throws IOException when the path is taken, too long, or its folder is missing; the message says the mend
     */
    static SocketFile claim(Path path) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new IOException(
                    "socket path '" + path + "' is too long: use at most " + MAX_PATH + " bytes, a relative one say");
        }
        BasicFileAttributes there = attributes(path);
        if (there != null) {
            if (!there.isOther()) {
                throw new IOException("'" + path + "' exists and is no socket: choose another path or remove it");
            }
            if (answers(path)) {
                throw new IOException(
                        "another process listens on '" + path + "': choose another path or end that process");
            }
            Files.delete(path);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException("there is no folder '" + folder + "' for the socket: make it first");
        }
        return new SocketFile(path);
    }

    /** Notes that the socket is there now. */
    void created() {
        key = key();
    }

    /** Removes the socket, if it is still the one that was made. */
    void remove() {
        Object made = key;
        key = null;
        try {
            if (made != null && made.equals(key())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove socket '{}': {}", path, e.getMessage());
        }
    }

    private @Nullable Object key() {
        try {
            BasicFileAttributes now = attributes(path);
            return now == null ? null : now.fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false;
        }
    }
}
