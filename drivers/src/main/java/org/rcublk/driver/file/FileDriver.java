// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.Resizing;
import org.rcublk.io.ThreadRules;

/**
 * A disk in a regular file or a block device of the host. Requests go to the storage engine of their IOThread, whose
 * workers do the I/O; nothing blocks on the IOThread.
 *
 * <p>The size is the file's when it was opened, to the byte, and stays so until the node is resized: a file that somebody
 * else shortens meanwhile reads as zeroes past its end. Space is given back only with {@link FileSettings#unmap}; without it
 * a discard does nothing, which its contract allows.
 *
 * <p>An I/O error completes the request and is logged once for the driver, not once a request.
 *
 * <h2>Reopen</h2>
 * The descriptor, its lock, the size and the options belong to the node's settings ({@link FileAccess}), one value for each
 * version. Versions that write share one descriptor, so between them the lock does not move. A node that becomes read-only
 * gets a descriptor for reading; the other one, and the lock with it, is let go when no request can write by it any more,
 * after the flush. One that becomes writable locks before the change is published, or is refused; if the descriptor that it
 * wrote by before is not closed yet, it takes that one. It is always the same file: on Linux what has been opened, whatever
 * its name means by now. (Where the system's locks belong to the process, as they do outside Linux, a descriptor that is
 * closed may take the process's locks of that file with it.)
 *
 * <p>After a flush that failed every flush fails, and so does every write that asks for durability (FUA), for as long as the
 * node exists, reopened or not: see {@link FileSync}. So such a node cannot become read-only either.
 */
public final class FileDriver extends BlockDriver {
    private final FileIdentity identity;
    private final boolean locks;
    private final FileAccess opened;
    private final AtomicBoolean resizing = new AtomicBoolean();
    private final Object reopening = new Object();
    private OpenFile writable; // under reopening: the last one that was opened, if any was

    @GlobalState
    private FileDriver(FileIdentity identity, OpenFile file, FileSettings settings, long size) {
        this.identity = identity;
        this.locks = settings.lock();
        this.opened = new FileAccess(identity, file, settings.unmap(), size);
        this.writable = file;
    }

    /**
     * Opens a file.
     *
     * @param path the file, which exists
     * @param settings how
     * @return the driver; {@link #close} it unless a graph took it over
     * @throws IOException if the file cannot be opened, is no disk, or is locked by another writer: one line that names the
     *     file and the mend; nothing stays open
     */
    @GlobalState
    public static FileDriver open(Path path, FileSettings settings) throws IOException {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("FileDriver.open");
        return of(path, OpenFile.open(path, settings), settings, FileDriver::forceOf);
    }

    /** The same with nothing but what every system has. */
    @GlobalState
    static FileDriver openPortable(Path path, FileSettings settings) throws IOException {
        return of(path, OpenFile.portable(path, settings), settings, FileDriver::forceOf);
    }

    /** For tests: the same, with another way to make writes durable. */
    @GlobalState
    static FileDriver openWith(Path path, FileSettings settings, FileSync.Force force) throws IOException {
        return of(path, OpenFile.open(path, settings), settings, channel -> force);
    }

    @GlobalState
    private static FileSync.Force forceOf(FileChannel channel) {
        return () -> channel.force(false);
    }

    @GlobalState
    private static FileDriver of(
            Path path, OpenFile file, FileSettings settings, @GlobalState Function<FileChannel, FileSync.Force> forces)
            throws IOException {
        boolean done = false;
        try {
            long size = file.channel().size();
            FileDriver driver = new FileDriver(new FileIdentity(path, forces), file, settings, size);
            done = true;
            return driver;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /**
     * The file's name, as given.
     *
     * @return the path
     */
    @AnyThread
    public Path path() {
        return identity.path();
    }

    /**
     * Whether a writer locks the file against other writers.
     *
     * @return as the node was opened; a reopen does not change it
     */
    @AnyThread
    public boolean locks() {
        return locks;
    }

    @Override
    public String driverName() {
        return "file";
    }

    @Override
    public long size(PlanNode self) {
        return ((FileAccess) self.settings()).size();
    }

    @Override
    public boolean readOnly() {
        return opened.file().readOnly();
    }

    @Override
    public NodeSettings settings() {
        return opened;
    }

    /** A write with FUA is followed by a sync of its own; zeroes are written if the file system has no better means. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        FileAccess access = (FileAccess) self.settings();
        BlockOp op = request.op();
        if (op != BlockOp.FLUSH) {
            if (request.offset() > access.size() || request.length() > access.size() - request.offset()) {
                return op.modifies() ? -Errno.ENOSPC : -Errno.EINVAL;
            }
            if (op.modifies() && self.readOnly()) {
                return -Errno.EPERM;
            }
            if (request.length() == 0 || (op == BlockOp.DISCARD && !access.unmap())) {
                request.complete(0);
                return 0;
            }
        }
        request.thread().engine().submit(request, access);
        return 0;
    }

    /**
     * What other options give.
     *
     * @param settings what to publish, or to close if that fails
     * @param readOnly whether the node is read-only then
     */
    @AnyThread
    public record Reopened(NodeSettings settings, boolean readOnly) {}

    /**
     * Opens the file with other options, for another version of the node.
     *
     * @param self the node in the version that is current
     * @param settings how; whether it locks is as it was
     * @return what to publish
     * @throws IOException as {@link #open} does; nothing has changed then
     */
    @GlobalState
    public Reopened reopen(BlockNode self, FileSettings settings) throws IOException {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("FileDriver.reopen");
        FileAccess now = (FileAccess) self.settings();
        synchronized (reopening) {
            OpenFile file = share(now.file(), settings);
            if (file == null) {
                file = openAgain(self, now.file(), settings);
            }
            if (!file.readOnly()) {
                writable = file;
            }
            return new Reopened(new FileAccess(identity, file, settings.unmap(), now.size()), file.readOnly());
        }
    }

    /** A use of a file that is open as wanted, or null. */
    @GlobalState
    private @Nullable OpenFile share(OpenFile now, FileSettings settings) {
        if (settings.readOnly()) {
            return now.readOnly() && now.retain() ? now : null;
        }
        return !writable.readOnly() && writable.retain() ? writable : null;
    }

    @GlobalState
    private OpenFile openAgain(BlockNode self, OpenFile now, FileSettings settings) throws IOException {
        if (!now.retain()) {
            throw changedMeanwhile(self);
        }
        try {
            return now.again(identity.path(), settings);
        } finally {
            now.close();
        }
    }

    @AnyThread
    private static GraphException changedMeanwhile(BlockNode self) {
        return new GraphException("node '" + self.name() + "' has been changed meanwhile: look at it, and try again");
    }

    @Override
    public Resizing resize(BlockNode self, long size) throws IOException {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("FileDriver.resize");
        FileAccess now = (FileAccess) self.settings();
        String file = "file '" + identity.path() + "'";
        if (self.readOnly()) {
            throw new GraphException(
                    file + " is open for reading only: reopen node '" + self.name() + "' with read-only=off first");
        }
        if (!now.file().isRegular(identity.path())) {
            throw new GraphException(
                    file + " is a block device, whose size is the host's to change: change it there, then"
                            + " remove node '" + self.name() + "' and add it anew");
        }
        if (!resizing.compareAndSet(false, true)) {
            throw new GraphException("node '" + self.name() + "' is getting another size already: try again");
        }
        FileAccess after = null;
        Resizing ready = null;
        try {
            after = now.ofSize(size);
            if (after == null) {
                throw changedMeanwhile(self);
            }
            ready = new FileResizing(identity.path(), now, after, () -> resizing.set(false));
            return ready;
        } finally {
            if (ready == null) {
                resizing.set(false);
                if (after != null) {
                    after.close();
                }
            }
        }
    }

    /** As it was opened; what reopens have made is flushed by {@link #flush(BlockNode)}. */
    @Override
    public void flush() throws IOException {
        opened.sync();
    }

    @Override
    public void flush(BlockNode self) throws IOException {
        ((FileAccess) self.settings()).sync();
    }

    /** Closes what the driver was opened with, unless a reopen has; what reopens make belongs to the node's settings. */
    @Override
    public void close() throws IOException {
        opened.close();
    }
}
