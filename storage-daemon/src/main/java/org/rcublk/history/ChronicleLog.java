// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's records in a Chronicle Queue of their own.
 *
 * <h2>Files by size</h2>
 * Chronicle begins a file when its time provider says that another minute has come. Ours counts files instead of minutes:
 * so a file ends when it is large enough, whatever the clock does, and the names sort by age though they read like dates of
 * 1970. After each new file the oldest ones are deleted, so that one more fits.
 *
 * <h2>No room</h2>
 * The files are mapped and sparse: a store into a page that the disk has no room for ends in an {@code InternalError}. So
 * each append first asks for the room that is left, with a margin; what others take in between is left to chance, and
 * then the history of this run ends there, and the daemon goes on.
 *
 * <h2>Quiet</h2>
 * The system properties keep Chronicle from starting threads (for the disk's space, for releasing files) and from
 * announcing itself. What reports usage over the network, chronicle-analytics, is not on the class path.
 */
final class ChronicleLog implements RecordLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleLog.class);
    private static final RollCycle CYCLE = LegacyRollCycles.MINUTELY;

    /** How much of a file is mapped at a time; the files are sparse, so the rest of it takes no disk. */
    private static final int BLOCK = 64 << 10;

    /** What a file may be longer than the records in it. */
    private static final long SLACK = 3 * BLOCK;

    private static final long MARGIN = 1 << 20;
    private static final List<String> PACKAGES_EXPORTED = List.of("sun.nio.ch", "jdk.internal.ref");
    private static final String PACKAGE_OPENED = "java.lang.reflect";

    private final RunFiles files;
    private final HistoryLimits limits;
    private final StateLock lock;
    private final FileStore disk;
    private final int run;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final FileClock clock = new FileClock();
    private long fileBytes;
    private long firstBytes;

    /** Tells the number of the file for a time. Plain, since it is asked on the appending thread only. */
    private static final class FileClock implements TimeProvider {
        private long file = 1;

        @Override
        public long currentTimeMillis() {
            return file * CYCLE.lengthInMillis();
        }
    }

    private ChronicleLog(RunFiles files, HistoryLimits limits, StateLock lock, FileStore disk, int run) {
        this.files = files;
        this.limits = limits;
        this.lock = lock;
        this.disk = disk;
        this.run = run;
        queue = SingleChronicleQueueBuilder.single(files.run(run).toFile())
                .rollCycle(CYCLE)
                .blockSize(BLOCK)
                .timeProvider(clock)
                .build();
        appender = queue.createAppender();
    }

    /** Begins the next run; the log closes the lock when it is closed. */
    static ChronicleLog open(RunFiles files, HistoryLimits limits, StateLock lock) throws IOException {
        requireFlags();
        quiet();
        FileStore disk = requireRoom(files);
        List<Integer> runs = files.runs();
        int run = runs.isEmpty() ? 1 : runs.getLast() + 1;
        files.prune(pastBytes(limits), files.run(run));
        try {
            return new ChronicleLog(files, limits, lock, disk, run);
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("cannot open the queue", e);
            throw new HistoryException("cannot write a history in '" + files.run(run) + "': " + Reasons.of(e), e);
        }
    }

    /** What may be left so that one more file fits. */
    private static long pastBytes(HistoryLimits limits) {
        return limits.totalBytes() - limits.fileBytes() - SLACK;
    }

    /** Without them Chronicle fails half way, in a different place each. */
    private static void requireFlags() throws HistoryException {
        Module base = Object.class.getModule();
        Module user = ChronicleLog.class.getModule();
        boolean exported = PACKAGES_EXPORTED.stream().allMatch(name -> base.isExported(name, user));
        if (!exported || !base.isOpen(PACKAGE_OPENED, user)) {
            throw new HistoryException(
                    "the JVM was started without the flags that a history (--state) needs: start rcublk"
                            + " with ./rcublk or java -jar, or leave out --state");
        }
    }

    private static void quiet() {
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        System.setProperty("background.releaser", "false");
        System.setProperty("background.releaser.thread", "false");
    }

    private static FileStore requireRoom(RunFiles files) throws IOException {
        Files.createDirectories(files.folder());
        FileStore disk = Files.getFileStore(files.folder());
        if (disk.getUsableSpace() < MARGIN) {
            throw new HistoryException("no room for a history in '" + files.folder() + "': free some disk");
        }
        return disk;
    }

    @Override
    public int run() {
        return run;
    }

    @Override
    public boolean atFileStart() {
        return fileBytes == 0;
    }

    @Override
    public void append(long record, byte[] bytes) throws IOException {
        if (disk.getUsableSpace() < MARGIN + 2L * bytes.length) {
            throw new HistoryException("no room in '" + files.folder() + "'");
        }
        long length = 0;
        for (byte[] frame : Frame.cut(record, bytes)) {
            appender.writeBytes(BytesStore.wrap(frame));
            length += frame.length + Integer.BYTES;
        }
        if (fileBytes == 0) {
            firstBytes = length;
        }
        fileBytes += length;
        // Twice the first record: else each record of a graph that fills a file would begin a file.
        if (fileBytes >= Math.max(limits.fileBytes(), 2 * firstBytes)) {
            beginFile();
        }
    }

    /** The record is in the file already: what goes wrong here must not look as if it were not. */
    private void beginFile() {
        clock.file++;
        fileBytes = 0;
        try {
            force();
            files.prune(pastBytes(limits), files.files(run).getLast());
        } catch (IOException e) {
            LOG.warn("cannot delete old files in '{}': {}", files.folder(), Reasons.of(e));
        }
    }

    @Override
    public void force() throws IOException {
        List<Path> all = files.files(run);
        if (!all.isEmpty()) {
            try (FileChannel channel = FileChannel.open(all.getLast(), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
        lock.close();
    }
}
