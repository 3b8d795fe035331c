// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the writes of a file durable, and never again says that they are once that failed.
 *
 * <p>Linux tells of data that could not be written back once for each open file description, see fsync(2): the next call
 * succeeds over what is lost. So a failure stays for as long as the node does, however
 * often it is reopened with other options: that opens another description of the same file, which would report nothing, and
 * the data is lost all the same. Only a node that is added anew starts anew, and whoever adds it has seen to the data. A call that runs beside the failing one may
 * succeed because of it, before the failure is known here; therefore one call at a time, and whoever waited looks again.
 *
 * <p>A call makes durable what was written before it began. So one that waited is done without a call of its own if
 * another began, and succeeded, after it came.
 *
 * <p>For storage workers and the control thread: blocks.
 */
@GlobalState
final class FileSync {
    private static final Logger LOG = LoggerFactory.getLogger(FileSync.class);

    /** The system's call. */
    @FunctionalInterface
    interface Force {
        void force() throws IOException;
    }

    private final Path path;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean lost;
    private volatile long begun; // written under the lock; read before it, to know which calls come later
    private long good; // under the lock: the last call that succeeded

    @AnyThread
    FileSync(Path path) {
        this.path = path;
    }

    /**
     * Returns when everything written before is durable.
     *
     * @param force the call, on a descriptor by which all that was written: one that replaces it has it flushed first
     * @throws IOException if it is not, or an earlier call failed
     */
    void sync(Force force) throws IOException {
        long before = begun;
        lock.lock();
        try {
            if (lost) {
                throw new IOException("file '" + path + "': an earlier flush failed: remove the node, check the disk,"
                        + " and add the node anew");
            }
            if (good <= before) {
                call(force);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for a call under way; for tests. */
    @AnyThread
    int waiters() {
        return lock.getQueueLength();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void call(Force force) throws IOException {
        begun++;
        try {
            force.force();
        } catch (ClosedChannelException e) {
            throw e; // nothing was tried
        } catch (IOException e) {
            lost = true;
            LOG.error(
                    "file '{}': a flush failed ({}): writes since the last one may be lost, and every flush fails from now"
                            + " on; mend the storage, remove the node, check or restore the disk, and add the node anew",
                    path,
                    e.getMessage());
            throw e;
        }
        good = begun;
    }
}
