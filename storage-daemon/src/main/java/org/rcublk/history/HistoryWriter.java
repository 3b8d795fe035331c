// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphListener;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;
import org.rcublk.history.HandOff.Published;

/**
 * Writes each published version of a graph to the history below a state directory.
 *
 * <p>A publisher is neither blocked nor slowed: {@link #published} puts the publication into a bounded hand-over and wakes
 * the writer, without a lock, I/O or an exception. When the disk hangs or is full, versions are left out; the next record
 * says how many, and so does the log. When the queue fails otherwise, the history of this run ends with a line in the log,
 * and the daemon goes on.
 */
@GlobalState
public final class HistoryWriter implements GraphListener, AutoCloseable {
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final int CAPACITY = 1024;

    private final LiveGraph<?> live;
    private final HandOff handOff = new HandOff(CAPACITY);
    private final WriterThread writer;

    private HistoryWriter(
            LiveGraph<?> live,
            HistoryLimits limits,
            Function<BlockGraph, ToLongFunction<BlockNode>> sizes,
            WriterThread.Opener opener) {
        this.live = live;
        this.writer = new WriterThread(handOff, opener, limits.wholeEvery(), live.current(), sizes);
    }

    /**
     * Takes the state directory, begins a run there, and listens to the graph from now on.
     *
     * @param stateDirectory made if it is not there
     * @param limits how much the history may take
     * @param live the graph
     * @param sizes for a graph, the size that each of its nodes presents, in bytes, or -1; called on this thread first, then on the
     *     writer's
     * @return the writer, to be closed
     * @throws HistoryException when the directory cannot be used, or the JVM lacks flags
     */
    public static HistoryWriter open(
            Path stateDirectory,
            HistoryLimits limits,
            LiveGraph<?> live,
            Function<BlockGraph, ToLongFunction<BlockNode>> sizes)
            throws HistoryException {
        RunFiles files = new RunFiles(stateDirectory);
        return open(limits, live, sizes, () -> {
            StateLock lock = StateLock.take(stateDirectory);
            boolean begun = false;
            try {
                RecordLog log = ChronicleLog.open(files, limits, lock);
                begun = true;
                return log;
            } finally {
                if (!begun) {
                    lock.close();
                }
            }
        });
    }

    /** With a log of the caller's. */
    static HistoryWriter open(
            HistoryLimits limits,
            LiveGraph<?> live,
            Function<BlockGraph, ToLongFunction<BlockNode>> sizes,
            WriterThread.Opener opener)
            throws HistoryException {
        HistoryWriter history = make(live, limits, sizes, opener);
        live.addListener(history);
        boolean begun = false;
        try {
            history.writer.start().get(OPEN_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            begun = true;
            return history;
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new HistoryException(
                    "the history cannot be begun within " + OPEN_PATIENCE.toSeconds()
                            + " s: look after the disk of the state directory",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryException("interrupted while the history was begun", e);
        } finally {
            if (!begun) {
                live.removeListener(history);
                history.writer.abandon();
            }
        }
    }

    private static HistoryWriter make(
            LiveGraph<?> live,
            HistoryLimits limits,
            Function<BlockGraph, ToLongFunction<BlockNode>> sizes,
            WriterThread.Opener opener)
            throws HistoryException {
        try {
            return new HistoryWriter(live, limits, sizes, opener);
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private static HistoryException failure(Throwable cause) {
        return cause instanceof HistoryException told
                ? told
                : new HistoryException("cannot begin the history: " + Reasons.of(cause), cause);
    }

    @Override
    @AnyThread
    public void published(Publication publication) {
        handOff.offer(new Published(publication, Instant.now(), System.nanoTime()));
        writer.wake();
    }

    /**
     * How many records were written.
     *
     * @return a count
     */
    @AnyThread
    public long written() {
        return writer.written();
    }

    /**
     * How many versions before the last record were not recorded.
     *
     * @return a count
     */
    @AnyThread
    public long missing() {
        return writer.missing();
    }

    /** Writes what was told so far, and an end, and lets go of the directory. A disk that hangs is left behind after 5 s. */
    @Override
    public void close() {
        live.removeListener(this);
        writer.end(CLOSE_PATIENCE);
    }
}
