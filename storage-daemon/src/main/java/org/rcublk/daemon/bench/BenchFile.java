// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of {@code --filename}: found, or made. Never changed unless it was asked for. */
final class BenchFile {
    private static final int CHUNK = 1 << 20;
    private static final int STAMP = 4096;

    private BenchFile() {}

    /**
     * Sees to it that the file can take the load.
     *
     * @param path the file
     * @param size {@code --size}, or 0 if none was given
     * @param writes whether the load writes
     * @param overwrite whether an existing file's content may go
     * @return how many bytes of it the load works on
     * @throws BenchException if it cannot
     */
    static long prepare(Path path, long size, boolean writes, boolean overwrite) {
        if (Files.notExists(path)) {
            if (size == 0) {
                throw new BenchException("file '" + path + "' does not exist: give --size to make it");
            }
            make(path, size);
            return size;
        }
        if (writes && !overwrite) {
            throw new BenchException("file '" + path + "' exists and the load writes: give --overwrite if its"
                    + " content may go, or another --filename");
        }
        long there = sizeOf(path);
        if (there < size) {
            throw new BenchException("file '" + path + "' has " + ByteCount.show(there) + ", less than --size "
                    + ByteCount.show(size) + ": give a smaller --size");
        }
        return size == 0 ? there : size;
    }

    /** By a channel: a block device has no size as a file. */
    private static long sizeOf(Path path) {
        if (Files.isDirectory(path)) {
            throw new BenchException("'" + path + "' is a directory: name a file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.size();
        } catch (IOException e) {
            throw failed("cannot open", path, e);
        }
    }

    /** Fills it, since a file of holes would be read from no disk and no cache. Deletes what it could not finish. */
    private static void make(Path path, long size) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            fill(channel, size);
        } catch (FileAlreadyExistsException e) {
            throw failed("cannot make", path, e);
        } catch (IOException e) {
            BenchException failure = failed("cannot make", path, e);
            try {
                Files.deleteIfExists(path);
            } catch (IOException undeleted) {
                failure.addSuppressed(undeleted);
            }
            throw failure;
        }
    }

    private static void fill(FileChannel channel, long size) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        Stamps stamps = new Stamps(0);
        for (long at = 0; at < size; at += CHUNK) {
            for (int in = 0; in < CHUNK; in += STAMP) {
                stamps.fill(chunk, in, STAMP, (at + in) / STAMP, 0);
            }
            chunk.clear().limit((int) Math.min(CHUNK, size - at));
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
            chunk.clear();
        }
    }

    private static BenchException failed(String what, Path path, IOException cause) {
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof NoSuchFileException) {
            why = "its folder does not exist";
        } else if (cause instanceof FileSystemException error && error.getReason() != null) {
            why = error.getReason();
        }
        return new BenchException(what + " file '" + path + "': " + why, cause);
    }
}
