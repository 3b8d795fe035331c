// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;

/** The threads that do I/O: the main loop, the IOThreads with a name, and the storage workers. Thread-safe. */
@GlobalState
final class IoThreads implements AutoCloseable {
    private final StorageWorkers workers;
    private final IoThread mainLoop;
    private final Map<String, IoThread> named = new LinkedHashMap<>();

    IoThreads(int storageWorkers) {
        workers = new StorageWorkers(storageWorkers);
        mainLoop = new IoThread("rcublk-main", workers::engine).start();
    }

    @AnyThread
    IoThread mainLoop() {
        return mainLoop;
    }

    synchronized void add(String id, long pollMaxNanos) {
        if (named.containsKey(id)) {
            throw new ServiceException("IOThread '" + id + "' exists already: choose another id");
        }
        IoThread thread =
                pollMaxNanos < 0 ? new IoThread(id, workers::engine) : new IoThread(id, workers::engine, pollMaxNanos);
        named.put(id, thread.start());
    }

    synchronized List<IoThread> find(List<String> ids) {
        List<IoThread> found = new ArrayList<>();
        for (String id : ids) {
            IoThread thread = named.get(id);
            if (thread == null) {
                throw new ServiceException(
                        "IOThread '" + id + "' does not exist: start the daemon with --object" + " iothread,id=" + id);
            }
            found.add(thread);
        }
        return found;
    }

    /** Stops all threads. Requests that are under way are left as they are. */
    @Override
    public synchronized void close() {
        named.values().forEach(IoThread::close);
        mainLoop.close();
        workers.close();
    }
}
