// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rcublk.daemon.bench.BenchException;
import org.rcublk.daemon.bench.Stamps;

/**
 * The demo's image, in a temporary folder of its own: the first half holds stamped blocks, the second half is a hole.
 * The folder goes when this is closed, or when the process ends before.
 */
final class DemoImage implements AutoCloseable {
    static final long SIZE = 256L << 20;
    static final long STAMPED = SIZE / 2;
    static final int BLOCK = 4096;
    private static final int CHUNK = 1 << 20;

    private final Path folder;
    private final Path file;
    private final Thread onExit = new Thread(this::deleteQuietly, "rcublk-demo-clean-up");

    private DemoImage(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("disk.img");
    }

    /**
     * Makes the folder and the image.
     *
     * @param parent where, which exists
     * @param stamps what the blocks hold
     * @return the image, to be closed
     * @throws BenchException if there is no room, say
     */
    static DemoImage make(Path parent, Stamps stamps) {
        DemoImage image;
        try {
            image = new DemoImage(Files.createTempDirectory(parent, "rcublk-demo"));
        } catch (IOException e) {
            throw new BenchException("cannot make a folder in '" + parent + "': " + e.getMessage(), e);
        }
        Runtime.getRuntime().addShutdownHook(image.onExit);
        boolean done = false;
        try {
            image.fill(stamps);
            done = true;
            return image;
        } catch (IOException e) {
            throw new BenchException("cannot write '" + image.file + "': " + e.getMessage(), e);
        } finally {
            if (!done) {
                image.close();
            }
        }
    }

    private void fill(Stamps stamps) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = made.getChannel()) {
            made.setLength(SIZE);
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (long at = 0; at < STAMPED; at += CHUNK) {
                for (int in = 0; in < CHUNK; in += BLOCK) {
                    stamps.fill(chunk, in, BLOCK, (at + in) / BLOCK, 0);
                }
                chunk.clear();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        }
    }

    Path file() {
        return file;
    }

    /** Deletes the image and the folder. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // the process ends: the hook deletes
        }
        delete();
    }

    private void delete() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteQuietly() {
        try {
            delete();
        } catch (UncheckedIOException e) {
            System.err.println("rcublk demo: cannot delete '" + folder + "': " + e.getMessage());
        }
    }
}
