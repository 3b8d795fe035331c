// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.Request;
import org.rcublk.io.StorageTarget;
import org.rcublk.io.TargetShare;
import org.rcublk.io.ThreadRules;

/**
 * A file as some versions of its node access it: by which descriptor, with which options, of which size. A request carries
 * it to the storage workers and so sees one set of options to its end (hazard H14).
 *
 * <p>Each access is one user of its {@link OpenFile}: versions that differ in the size or in what discards do have one
 * descriptor, and so one lock, which does not move at all.
 */
final class FileAccess implements NodeSettings, StorageTarget {
    private final FileIdentity identity;
    private final OpenFile file;
    private final FileChannel channel;
    private final FileZeroes zeroes;
    private final FileSync.Force force;
    private final boolean unmap;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over one use of the file. */
    @GlobalState
    FileAccess(FileIdentity identity, OpenFile file, boolean unmap, long size) {
        this.identity = identity;
        this.file = file;
        this.channel = file.channel();
        this.zeroes = new FileZeroes(file, unmap);
        this.force = identity.forceOf(channel);
        this.unmap = unmap;
        this.size = size;
    }

    /** The same with another size; null when it is closed. */
    @Nullable
    @GlobalState
    FileAccess ofSize(long newSize) {
        return file.retain() ? new FileAccess(identity, file, unmap, newSize) : null;
    }

    @AnyThread
    OpenFile file() {
        return file;
    }

    @AnyThread
    boolean unmap() {
        return unmap;
    }

    @AnyThread
    long size() {
        return size;
    }

    @Override
    public TargetShare share() {
        return identity.share();
    }

    /** On a storage worker. */
    @Override
    public int perform(Request request) {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("I/O on file '" + identity.path() + "'");
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
                identity.failed(request, "errno " + -status);
            }
            return status;
        } catch (IOException e) {
            identity.failed(request, String.valueOf(e.getMessage()));
            return noSpace(e) ? -Errno.ENOSPC : -Errno.EIO;
        }
    }

    @GlobalState
    @RequiresReadSection
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

    @GlobalState
    @RequiresReadSection
    private int write(Request request) throws IOException {
        ByteBuffer buffer = payload(request);
        long at = request.offset();
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        return 0;
    }

    /** The request's own buffer, set to its payload: a duplicate would be an allocation for each request. */
    @AnyThread
    private static ByteBuffer payload(Request request) {
        int from = request.bufferOffset();
        return request.buffer().clear().limit(from + (int) request.length()).position(from);
    }

    /** Without a log line of its own: that it fails is told once, by {@link FileSync}. */
    @GlobalState
    private int synced() {
        try {
            sync();
            return 0;
        } catch (IOException e) {
            return noSpace(e) ? -Errno.ENOSPC : -Errno.EIO;
        }
    }

    /**
     * Makes durable what was written by this descriptor. One that is closed has nothing left: the change that took the last
     * version from it flushed it before.
     */
    @GlobalState
    void sync() throws IOException {
        if (file.readOnly()) {
            return;
        }
        try {
            identity.sync().sync(force);
        } catch (ClosedChannelException e) {
            if (!closed.get()) {
                throw e;
            }
        }
    }

    /** NIO has no error number, only the system's words for it. */
    @AnyThread
    static boolean noSpace(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }

    /** Ends this use of the file. Idempotent: the node's close ends the first one too. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            file.close();
        }
    }
}
