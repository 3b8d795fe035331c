// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/**
 * An open disk file: the channel for I/O and, on Linux, the descriptor for what NIO lacks, both on one inode.
 *
 * <h2>Locks</h2>
 * QEMU tells other processes by locks on single bytes of the file what it does with it and what it tolerates: byte 101
 * stands for "writes", byte 201 for "tolerates no writer"; see the permissions of its file driver. Whoever writes here
 * locks both exclusively. So QEMU's readers, which lock neither, work beside it; QEMU's writers, which lock 101 to say
 * that they write, are refused; and so is anybody who opens the file for writing by this class. A reader locks nothing.
 *
 * <h2>Users</h2>
 * Several versions of a node may use one open file: it is closed with the last of them. That is done under the object's lock,
 * so whoever finds by {@link #retain} that the file is closed finds its locks let go too.
 */
@GlobalState
final class OpenFile implements AutoCloseable {
    private static final long[] LOCKED_BYTES = {101, 201};
    private static final int TYPE_BITS = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    private final FileChannel channel;
    private final @Nullable LinuxFile linux;
    private final boolean readOnly;
    private int users = 1; // under the lock

    private OpenFile(FileChannel channel, @Nullable LinuxFile linux, boolean readOnly) {
        this.channel = channel;
        this.linux = linux;
        this.readOnly = readOnly;
    }

    @AnyThread
    FileChannel channel() {
        return channel;
    }

    /** Null where there is none: the portable calls have to do. */
    @Nullable
    @AnyThread
    LinuxFile linux() {
        return linux;
    }

    @AnyThread
    boolean readOnly() {
        return readOnly;
    }

    /**
     * Opens a file; on failure nothing stays open.
     *
     * @throws IOException with one line that names the file and the mend
     */
    static OpenFile open(Path path, FileSettings settings) throws IOException {
        if (!LinuxFile.available()) {
            return portable(path, settings);
        }
        checkKind(path);
        return onLinux(path, path, settings);
    }

    /**
     * Opens the same file once more, for users of its own; on failure nothing stays open. On Linux it is the same file
     * whatever its name means by now, elsewhere what has the name.
     *
     * @throws IOException with one line that names the file and the mend
     */
    OpenFile again(Path path, FileSettings settings) throws IOException {
        return linux == null ? portable(path, settings) : onLinux(path, linux.again(), settings);
    }

    /** Whether it is a regular file, whose length is ours to change. */
    boolean isRegular(Path path) throws IOException {
        return Files.isRegularFile(linux == null ? path : linux.again());
    }

    /** Adds a user; false when the file is closed. */
    synchronized boolean retain() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    private static OpenFile onLinux(Path path, Path at, FileSettings settings) throws IOException {
        LinuxFile.Opened opened = LinuxFile.open(at, !settings.readOnly());
        boolean readOnly = settings.readOnly();
        if (settings.autoReadOnly() && !readOnly && noWriteAccess(opened.error())) {
            opened = LinuxFile.open(at, false);
            readOnly = true;
        }
        LinuxFile file = opened.file();
        if (file == null) {
            throw refused(path, opened.error(), readOnly);
        }
        return locked(path, file, readOnly, settings.lock());
    }

    private static OpenFile locked(Path path, LinuxFile file, boolean readOnly, boolean lock) throws IOException {
        FileChannel channel = null;
        boolean done = false;
        try {
            if (lock && !readOnly) {
                for (long at : LOCKED_BYTES) {
                    lock(path, file, at);
                }
            }
            channel = FileChannel.open(file.again(), options(readOnly));
            done = true;
            return new OpenFile(channel, file, readOnly);
        } catch (NoSuchFileException e) {
            throw new IOException("file '" + path + "' cannot be opened: /proc is not mounted, mount it", e);
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    private static void lock(Path path, LinuxFile file, long at) throws IOException {
        int error = -file.lock(at);
        if (error == LinuxFile.EAGAIN || error == LinuxFile.EACCES) {
            throw inUse(path);
        }
        if (error != 0) {
            throw new IOException("file '" + path + "' cannot be locked (errno " + error
                    + "): use a file system that has locks, or locking=off if nobody else writes to it");
        }
    }

    /** For systems without Linux's calls: locks belong to the process there, which NIO makes up for. */
    static OpenFile portable(Path path, FileSettings settings) throws IOException {
        checkKind(path);
        boolean readOnly = settings.readOnly();
        FileChannel channel;
        try {
            channel = FileChannel.open(path, options(readOnly));
        } catch (AccessDeniedException e) {
            if (readOnly || !settings.autoReadOnly()) {
                throw refused(path, LinuxFile.EACCES, readOnly);
            }
            readOnly = true;
            channel = FileChannel.open(path, options(true));
        }
        boolean done = false;
        try {
            if (settings.lock() && !readOnly) {
                for (long at : LOCKED_BYTES) {
                    lock(path, channel, at);
                }
            }
            done = true;
            return new OpenFile(channel, null, readOnly);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static void lock(Path path, FileChannel channel, long at) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock(at, 1, false);
        } catch (OverlappingFileLockException e) {
            lock = null; // held by this process
        }
        if (lock == null) {
            throw inUse(path);
        }
    }

    private static Set<OpenOption> options(boolean readOnly) {
        return readOnly ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Before it is opened, because to open a pipe may wait for ever. */
    private static void checkKind(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw refused(path, LinuxFile.ENOENT, true);
        } catch (AccessDeniedException e) {
            throw refused(path, LinuxFile.EACCES, true);
        }
        if (attributes.isDirectory()) {
            throw refused(path, LinuxFile.EISDIR, true);
        }
        if (!attributes.isRegularFile() && !isBlockDevice(path)) {
            throw new IOException("file '" + path + "' is neither a regular file nor a block device: name one that is");
        }
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode") instanceof Integer mode
                && (mode & TYPE_BITS) == BLOCK_DEVICE;
    }

    private static boolean noWriteAccess(int error) {
        return error == LinuxFile.EACCES || error == LinuxFile.EPERM || error == LinuxFile.EROFS;
    }

    private static IOException inUse(Path path) {
        return new IOException("file '" + path + "' is locked by another writer: stop that one, or open the file with"
                + " read-only=on");
    }

    private static IOException refused(Path path, int error, boolean readOnly) {
        String name = "file '" + path + "' ";
        return new IOException(
                switch (error) {
                    case LinuxFile.ENOENT -> name + "does not exist: create it first, or correct filename";
                    case LinuxFile.EISDIR -> name + "is a directory: name a file in it";
                    case LinuxFile.EROFS -> name + "is on a read-only file system: open it with read-only=on";
                    case LinuxFile.EACCES, LinuxFile.EPERM ->
                        name
                                + (readOnly
                                        ? "may not be read by this user: change its permissions"
                                        : "may not be written to by this user: change its permissions, or open it with"
                                                + " read-only=on");
                    default -> name + "cannot be opened (errno " + error + "): see open(2)";
                });
    }

    /** Takes a user off; the last one closes the file. */
    @Override
    public synchronized void close() throws IOException {
        if (--users > 0) {
            return;
        }
        try {
            channel.close();
        } finally {
            if (linux != null) {
                linux.close();
            }
        }
    }
}
