// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.io.Request;
import org.rcublk.io.TargetShare;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all versions of a file's node share: the memory of a failed flush, and the file's share of the storage workers. */
@AnyThread
final class FileIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(FileIdentity.class);

    private final Path path;
    private final Function<FileChannel, FileSync.Force> forces;
    private final FileSync sync;
    private final TargetShare share = new TargetShare();
    private final AtomicBoolean errorLogged = new AtomicBoolean();

    FileIdentity(Path path, @GlobalState Function<FileChannel, FileSync.Force> forces) {
        this.path = path;
        this.forces = forces;
        this.sync = new FileSync(path);
    }

    Path path() {
        return path;
    }

    FileSync sync() {
        return sync;
    }

    @GlobalState
    FileSync.Force forceOf(FileChannel channel) {
        return forces.apply(channel);
    }

    TargetShare share() {
        return share;
    }

    /** Logs the first error of the file. */
    void failed(Request request, String why) {
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
}
