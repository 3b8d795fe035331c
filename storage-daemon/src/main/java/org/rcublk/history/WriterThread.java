// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.PhaseTimes;
import org.rcublk.graph.Publication;
import org.rcublk.graph.Version;
import org.rcublk.history.HandOff.Published;
import org.rcublk.history.HistoryEntry.Changes;
import org.rcublk.history.HistoryEntry.Kind;
import org.rcublk.history.RecordEncoder.Encoded;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphViews;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes publications from the hand-over, puts them in order, makes records, appends them.
 *
 * <p>A platform thread, not a virtual one: it touches mapped files, and a page that the disk does not give would hold a
 * carrier thread, which deferred releases and flushes of others need. A daemon thread, so that such a disk does not keep
 * the process.
 *
 * <p>Fields: {@code handOff} is shared. {@code ending} is volatile, set once, and loaded before the hand-over is emptied: so
 * all that was offered before the end is written. {@code broken} is volatile and set once by the writer. The counters are
 * written by the writer and read by anybody. All else belongs to the writer.
 *
 * <p>A wake-up is not lost: whoever offers unparks afterwards, which lets the next park return at once.
 */
final class WriterThread {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);
    private static final long ORDER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FORCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TELL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final HandOff handOff;
    private final Opener opener;
    private final GraphView first;
    private final Function<BlockGraph, ToLongFunction<BlockNode>> sizes;
    private final RecordEncoder encoder;
    private final InOrder inOrder;
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final Thread thread;
    private volatile boolean ending;
    private volatile boolean broken;
    private long lastVersion;
    private boolean unforced;
    private long forcedAt = System.nanoTime();
    private long toldAt = System.nanoTime() - TELL_AGAIN_NANOS;

    /** Opens what records go to, on the thread that is to use it. */
    @FunctionalInterface
    interface Opener {
        RecordLog open() throws IOException;
    }

    WriterThread(
            HandOff handOff,
            Opener opener,
            int wholeEvery,
            Version<?> first,
            Function<BlockGraph, ToLongFunction<BlockNode>> sizes) {
        this.handOff = handOff;
        this.opener = opener;
        this.first = GraphViews.of(first, sizes.apply(first.graph()));
        this.sizes = sizes;
        this.encoder = new RecordEncoder(wholeEvery, new GraphView(0, List.of(), List.of()));
        this.inOrder = new InOrder(first.number(), ORDER_NANOS);
        this.lastVersion = first.number();
        this.thread = Thread.ofPlatform().daemon().name("rcublk-history").unstarted(this::run);
    }

    /** Begins; completes when the first record is written. */
    CompletableFuture<Boolean> start() {
        thread.start();
        return started;
    }

    /** Any thread. */
    void wake() {
        LockSupport.unpark(thread);
    }

    long written() {
        return written.get();
    }

    long missing() {
        return missing.get();
    }

    /** Has it end when it can; nobody waits. */
    void abandon() {
        ending = true;
        wake();
    }

    /** Has it write what was offered, and end. */
    void end(Duration patience) {
        abandon();
        try {
            if (!thread.join(patience)) {
                LOG.warn("the history did not end within {} s, its last versions may be missing", patience.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a queue may fail in any way, with an InternalError for a full disk too
    private void run() {
        try (RecordLog log = opener.open()) {
            String process = "process " + ProcessHandle.current().pid();
            append(log, entry(log, Kind.START, lastVersion, Instant.now(), process, PhaseTimes.NONE), first);
            started.complete(true);
            serve(log);
        } catch (IOException | RuntimeException | Error e) {
            broken = true;
            if (!started.completeExceptionally(e)) {
                LOG.error(
                        "the history ends after version {}: {}; start the daemon anew for the next",
                        lastVersion,
                        Reasons.of(e));
                LOG.debug("why the history ended", e);
            }
        }
        while (broken && !ending) {
            handOff.takeAll(); // nothing is kept for nobody
            LockSupport.park(this);
        }
    }

    private void serve(RecordLog log) throws IOException {
        boolean last = false;
        while (!last) {
            boolean end = ending;
            List<Published> taken = handOff.takeAll();
            inOrder.add(taken);
            for (Published p = inOrder.next(System.nanoTime(), end);
                    p != null;
                    p = inOrder.next(System.nanoTime(), end)) {
                write(log, p);
            }
            last = end && taken.isEmpty();
            if (taken.isEmpty() && !last) {
                pause(log);
            }
        }
        append(
                log,
                entry(log, Kind.END, lastVersion, Instant.now(), "ended in order", PhaseTimes.NONE),
                encoder.last());
        log.force();
    }

    private void pause(RecordLog log) throws IOException {
        if (unforced && System.nanoTime() - forcedAt >= FORCE_NANOS) {
            log.force();
            unforced = false;
            forcedAt = System.nanoTime();
        }
        if (inOrder.isWaiting()) {
            LockSupport.parkNanos(this, ORDER_NANOS / 10);
        } else if (unforced) {
            LockSupport.parkNanos(this, FORCE_NANOS);
        } else {
            LockSupport.park(this);
        }
    }

    private void write(RecordLog log, Published published) {
        Publication publication = published.publication();
        Kind kind = switch (publication.kind()) {
            case GATE -> Kind.GATE;
            case CHANGE -> Kind.CHANGE;
            case RELEASE -> Kind.RELEASE;
        };
        HistoryEntry entry =
                entry(log, kind, published.version(), published.time(), publication.description(), publication.times());
        try {
            append(log, entry, GraphViews.of(publication, sizes.apply(publication.graph())));
            if (entry.missing() > 0) {
                missing.addAndGet(entry.missing());
                tell(entry.missing() + " versions before version " + entry.version() + " are not in the history");
            }
        } catch (IOException e) {
            tell("version " + entry.version() + " is not in the history: " + Reasons.of(e));
        }
    }

    private HistoryEntry entry(
            RecordLog log, Kind kind, long version, Instant time, String description, PhaseTimes times) {
        long left = kind == Kind.START || kind == Kind.END ? 0 : version - lastVersion - 1;
        return new HistoryEntry(log.run(), written.get(), kind, version, time, description, times, left, Changes.NONE);
    }

    private void append(RecordLog log, HistoryEntry entry, GraphView view) throws IOException {
        Encoded record = encoder.encode(entry, view, log.atFileStart());
        log.append(entry.record(), record.bytes());
        encoder.written(record);
        lastVersion = entry.version();
        written.incrementAndGet();
        unforced = true;
    }

    /** Not each time: a disk that is full stays so for a while. */
    private void tell(String line) {
        long now = System.nanoTime();
        if (now - toldAt >= TELL_AGAIN_NANOS) {
            toldAt = now;
            LOG.warn("{}", line);
        }
    }
}
