// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.Resizing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A regular file on its way to another length: it grows before the new size is published and shrinks after.
 *
 * <p>What is past the node's size belongs to nobody and may hold anything, if somebody else appended to the file say. So a
 * file that is to grow is cut to the node's size first: what grows reads as zeroes (hazard H25).
 *
 * <p>The new length is made durable here. A guest's flush would not do that for it: where no write has completed since the
 * last one, it goes no further than to the counts of writes (guarantee K).
 */
@GlobalState
final class FileResizing implements Resizing {
    private static final Logger LOG = LoggerFactory.getLogger(FileResizing.class);

    private final Path path;
    private final FileChannel channel;
    private final FileAccess before;
    private final long from;
    private final FileAccess after;
    private final Runnable ended;

    /**
     * Grows the file if it is to grow.
     *
     * @param ended told once, when another change of the size may begin
     */
    FileResizing(Path path, FileAccess before, FileAccess after, @AnyThread Runnable ended) throws IOException {
        this.path = path;
        this.channel = before.file().channel();
        this.before = before;
        this.from = before.size();
        this.after = after;
        this.ended = ended;
        if (after.size() > from) {
            grow();
        }
    }

    private void grow() throws IOException {
        boolean grown = false;
        try {
            Uninterrupted.run(this::lengthen);
            grown = true;
        } catch (IOException e) {
            throw new IOException(
                    "file '" + path + "' cannot be made " + after.size() + " bytes long (" + e.getMessage()
                            + "): choose a smaller size, or make room on its file system",
                    e);
        } finally {
            if (!grown) {
                cut();
            }
        }
    }

    private void lengthen() throws IOException {
        channel.truncate(from);
        ByteBuffer last = ByteBuffer.allocate(1);
        while (last.hasRemaining()) {
            channel.write(last, after.size() - 1); // leaves a hole before it
        }
        before.sync();
    }

    private void shorten() throws IOException {
        channel.truncate(after.size());
        after.sync();
    }

    private void cut() {
        try {
            Uninterrupted.run(() -> channel.truncate(from));
        } catch (IOException e) {
            LOG.warn("file '{}' is longer than its node, and could not be cut: {}", path, e.getMessage());
        }
    }

    @Override
    public NodeSettings settings() {
        return after;
    }

    @Override
    public void published() throws IOException {
        try {
            if (after.size() < from) {
                Uninterrupted.run(this::shorten);
            }
        } catch (IOException e) {
            throw new IOException(
                    "node of file '" + path + "' has " + after.size() + " bytes now, but the file could not be cut ("
                            + e.getMessage() + "): cut it when the node is removed",
                    e);
        } finally {
            ended.run();
        }
    }

    @Override
    public void cancelled() {
        try {
            if (after.size() > from) {
                cut();
            }
        } finally {
            ended.run();
        }
    }
}
