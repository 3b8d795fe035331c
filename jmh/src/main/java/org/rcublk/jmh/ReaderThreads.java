// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.rcublk.rcu.ReaderThread;

/** Runs benchmarks on registered threads: name it in {@code -Djmh.executor.class}, with {@code -Djmh.executor=CUSTOM}. */
public final class ReaderThreads extends ThreadPoolExecutor {
    /**
     * As JMH calls it.
     *
     * @param threads the number of threads
     * @param prefix their names' beginning
     */
    public ReaderThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                body -> new ReaderThread(prefix, true, body));
    }
}
