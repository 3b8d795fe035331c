// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockNode;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.StorageTarget;
import org.rcublk.io.TargetShare;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk in a regular file or a block device of the host. Requests go to the storage engine of their IOThread, whose
 * workers do the I/O; nothing blocks on the IOThread.
 *
 * <p>The size is the file's when it was opened, to the byte, and stays so: a file that somebody shortens meanwhile reads
 * as zeroes past its end. Space is given back only with {@link FileSettings#unmap}; without it a discard does nothing,
 * which its contract allows.
 *
 * <p>After a flush that failed every flush fails until the file is opened anew, and so does every write that asks for
 * durability (FUA): see {@link FileSync}.
 *
 * <p>An I/O error completes the request and is logged once for the driver, not once a request.
 */
public final class FileDriver extends BlockDriver {
    private static final Logger LOG = LoggerFactory.getLogger(FileDriver.class);

    private final Path path;
    private final OpenFile file;
    private final FileChannel channel;
    private final FileZeroes zeroes;
    private final FileSync sync;
    private final boolean unmap;
    private final long size;
    private final AtomicBoolean errorLogged = new AtomicBoolean();
    private final StorageTarget target = new Target();

    private FileDriver(Path path, OpenFile file, boolean unmap, long size, FileSync.Force force) {
        this.path = path;
        this.file = file;
        this.channel = file.channel();
        this.zeroes = new FileZeroes(file, unmap);
        this.sync = new FileSync(path, force);
        this.unmap = unmap;
        this.size = size;
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
        OpenFile file = OpenFile.open(path, settings);
        return of(path, file, settings, forceOf(file));
    }

    /** The same with nothing but what every system has. */
    @GlobalState
    static FileDriver openPortable(Path path, FileSettings settings) throws IOException {
        OpenFile file = OpenFile.portable(path, settings);
        return of(path, file, settings, forceOf(file));
    }

    /** For tests: the same, with another way to make writes durable. */
    static FileDriver openWith(Path path, FileSettings settings, FileSync.Force force) throws IOException {
        return of(path, OpenFile.open(path, settings), settings, force);
    }

    private static FileSync.Force forceOf(OpenFile file) {
        FileChannel channel = file.channel();
        return () -> channel.force(false);
    }

    private static FileDriver of(Path path, OpenFile file, FileSettings settings, FileSync.Force force)
            throws IOException {
        boolean done = false;
        try {
            FileDriver driver =
                    new FileDriver(path, file, settings.unmap(), file.channel().size(), force);
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
        return path;
    }

    @Override
    public String driverName() {
        return "file";
    }

    @Override
    public long size(PlanNode self) {
        return size;
    }

    @Override
    public boolean readOnly() {
        return file.readOnly();
    }

    /** A write with FUA is followed by a sync of its own; zeroes are written if the file system has no better means. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        BlockOp op = request.op();
        if (op != BlockOp.FLUSH) {
            if (request.offset() > size || request.length() > size - request.offset()) {
                return op.modifies() ? -Errno.ENOSPC : -Errno.EINVAL;
            }
            if (op.modifies() && file.readOnly()) {
                return -Errno.EPERM;
            }
            if (request.length() == 0 || (op == BlockOp.DISCARD && !unmap)) {
                request.complete(0);
                return 0;
            }
        }
        request.thread().engine().submit(request, target);
        return 0;
    }

    private final class Target implements StorageTarget {
        private final TargetShare share = new TargetShare();

        @Override
        public int perform(Request request) {
            return FileDriver.this.perform(request);
        }

        @Override
        public TargetShare share() {
            return share;
        }
    }

    /** On a storage worker. */
    private int perform(Request request) {
        if (request.op() == BlockOp.FLUSH) {
            return synced();
        }
        try {
            int status = switch (request.op()) {
                case READ -> read(request);
                case WRITE -> write(request);
                case FLUSH -> 0; // above
                case DISCARD -> zeroes.discard(request.offset(), request.length());
                case WRITE_ZEROES -> zeroes.write(request.offset(), request.length(), request.flags());
            };
            if (status == 0 && request.has(BlockOp.FLAG_FUA) && request.op().modifies()) {
                return synced();
            }
            if (status != 0 && status != -Errno.ENOTSUP) {
                failed(request, "errno " + -status);
            }
            return status;
        } catch (IOException e) {
            failed(request, String.valueOf(e.getMessage()));
            return noSpace(e) ? -Errno.ENOSPC : -Errno.EIO;
        }
    }

    private int read(Request request) throws IOException {
        ByteBuffer buffer = payload(request);
        long at = request.offset();
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at);
            if (n < 0) {
                FileZeroes.fill(buffer); // the file was shortened
                break;
            }
            at += n;
        }
        return 0;
    }

    private int write(Request request) throws IOException {
        ByteBuffer buffer = payload(request);
        long at = request.offset();
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        return 0;
    }

    /** The request's own buffer, set to its payload: a duplicate would be an allocation for each request. */
    private static ByteBuffer payload(Request request) {
        int from = request.bufferOffset();
        return request.buffer().clear().limit(from + (int) request.length()).position(from);
    }

    /** Without a log line of its own: that it fails is told once, by {@link FileSync}. */
    private int synced() {
        try {
            flush();
            return 0;
        } catch (IOException e) {
            return noSpace(e) ? -Errno.ENOSPC : -Errno.EIO;
        }
    }

    private void failed(Request request, String why) {
        if (errorLogged.compareAndSet(false, true)) {
            LOG.error(
                    "file '{}': {} of {} bytes at {} failed: {}; further errors of this file are not logged",
                    path,
                    request.op().name().toLowerCase(Locale.ROOT),
                    request.length(),
                    request.offset(),
                    why);
        }
    }

    /** NIO has no error number, only the system's words for it. */
    static boolean noSpace(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }

    @Override
    public void flush() throws IOException {
        if (!file.readOnly()) {
            sync.sync();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
