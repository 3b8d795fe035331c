// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The state directory, made if need be and held by one process. The operating system lets go of the lock when the process
 * ends in whichever way, so a crash leaves nothing to clean up. Readers do not look at it.
 */
final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    static StateLock take(Path directory) throws HistoryException {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new HistoryException("state directory '" + directory + "' is a file: give --state a directory", e);
        } catch (IOException e) {
            throw new HistoryException(
                    "cannot make state directory '" + directory + "': " + Reasons.of(e) + ": give --state another one",
                    e);
        }
        Path file = directory.resolve("lock");
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            taken = tryLock(channel) != null;
            if (!taken) {
                throw new HistoryException("state directory '" + directory + "' is in use by process " + holder(channel)
                        + ": end it first, or give --state another directory");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new StateLock(channel);
        } catch (HistoryException e) {
            throw e;
        } catch (IOException e) {
            taken = false;
            throw new HistoryException(
                    "cannot write in state directory '" + directory + "': " + Reasons.of(e)
                            + ": give --state a directory that can be written",
                    e);
        } finally {
            if (!taken) {
                closeQuietly(channel);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it, which only tests do
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it was only read from, and the error that matters is on its way
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
