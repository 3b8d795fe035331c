// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rcublk.io.QueueMapping;
import org.rcublk.io.StorageWorkers;
import picocli.CommandLine.Option;

/** The options of {@code rcublk bench}, named as fio names its own. {@link #problem} says whether they make sense. */
final class BenchOptions {
    private static final int MAX_JOBS = 1024;
    private static final int MAX_DEPTH = 1 << 16;
    private static final int MAX_BLOCK = 1 << 30;
    private static final int SECTOR = 512;
    private static final long DEFAULT_SIZE = 1L << 30;
    private static final double MAX_SECONDS = 86_400;
    private static final double MAX_CHANGES = 1e6;

    /** What is measured. */
    enum Driver {
        /** Does nothing. */
        NULL,
        /** A disk in memory. */
        MEMORY,
        /** A file. */
        FILE
    }

    @Option(
            names = "--rw",
            paramLabel = "KIND",
            converter = Words.OfRw.class,
            description = "randread, randwrite, randrw, read or write [randread]")
    Rw rw = Rw.RANDREAD;

    @Option(names = "--rwmixread", paramLabel = "PERCENT", description = "with randrw: how many requests read [50]")
    @Nullable
    Integer readPercent;

    @Option(names = "--bs", paramLabel = "BYTES", converter = ByteCount.class, description = "bytes a request [4k]")
    long blockSize = 4096;

    @Option(names = "--numjobs", paramLabel = "N", description = "producers, each with a virtqueue of its own [8]")
    int jobs = 8;

    @Option(names = "--iodepth", paramLabel = "N", description = "requests that each producer keeps in flight [16]")
    int depth = 16;

    @Option(names = "--runtime", paramLabel = "SECONDS", description = "how long the load is measured [5]")
    double runtime = 5;

    @Option(names = "--ramp", paramLabel = "SECONDS", description = "how long it runs before that [2]")
    double ramp = 2;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            converter = ByteCount.class,
            description = "bytes of the disk [1g; with memory less if there is little; with file the file's size];"
                    + " makes the file if there is none")
    @Nullable
    Long size;

    @Option(
            names = "--driver",
            paramLabel = "NAME",
            converter = Words.OfDriver.class,
            description = "null, memory or file [null]")
    Driver driver = Driver.NULL;

    @Option(names = "--filename", paramLabel = "PATH", description = "the file, with --driver file")
    @Nullable
    Path filename;

    @Option(names = "--overwrite", description = "a load that writes may write to a file that exists")
    boolean overwrite;

    @Option(
            names = "--latency-ns",
            paramLabel = "NS",
            description = "with --driver null: how long each request takes [0]")
    @Nullable
    Long latencyNanos;

    @Option(
            names = "--iothreads",
            paramLabel = "HOW",
            description = "none (all queues on the main loop), a number, or per-queue [per-queue]")
    String ioThreads = "per-queue";

    @Option(
            names = "--storage-workers",
            paramLabel = "N",
            description = "threads for blocking file I/O [as CPUs, 4 or more]")
    int workers = StorageWorkers.defaultCount();

    @Option(
            names = "--graph-changes",
            paramLabel = "N",
            description = "filter inserts and drops a second under load [0]; each insert and each drop is one")
    double graphChanges;

    @Option(names = "--design", paramLabel = "NAME", description = "what guards the graph [rcu]")
    String design = Designs.OURS;

    @Option(names = "--json", description = "print the result as JSON")
    boolean json;

    /** What makes no sense, as one line that names the option; or null. */
    @Nullable
    String problem() {
        String wrong = numbers();
        wrong = wrong != null ? wrong : combinations();
        return wrong != null ? wrong : sizes();
    }

    private @Nullable String numbers() {
        if (jobs < 1 || jobs > MAX_JOBS) {
            return "--numjobs is 1 to " + MAX_JOBS + ", not " + jobs;
        }
        if (depth < 1 || depth > MAX_DEPTH) {
            return "--iodepth is 1 to " + MAX_DEPTH + ", not " + depth;
        }
        if (!(runtime > 0 && runtime <= MAX_SECONDS)) {
            return "--runtime is more than 0 and at most " + (int) MAX_SECONDS + " seconds, not " + runtime;
        }
        if (!(ramp >= 0 && ramp <= MAX_SECONDS)) {
            return "--ramp is 0 to " + (int) MAX_SECONDS + " seconds, not " + ramp;
        }
        if (!(graphChanges >= 0 && graphChanges <= MAX_CHANGES)) {
            return "--graph-changes is 0 to " + (int) MAX_CHANGES + " a second, not " + graphChanges;
        }
        if (workers < 1 || workers > MAX_JOBS) {
            return "--storage-workers is 1 to " + MAX_JOBS + ", not " + workers;
        }
        return mapping() == null
                ? "--iothreads is none, per-queue or a number from 1 to " + MAX_JOBS + ", not '" + ioThreads + "'"
                : null;
    }

    private @Nullable String combinations() {
        if (readPercent != null && (rw != Rw.RANDRW || readPercent < 0 || readPercent > 100)) {
            return "--rwmixread is 0 to 100, with --rw randrw only";
        }
        if (latencyNanos != null && (driver != Driver.NULL || latencyNanos < 0)) {
            return "--latency-ns is 0 or more, with --driver null only";
        }
        if (driver == Driver.FILE && filename == null) {
            return "--driver file needs --filename PATH";
        }
        if (driver != Driver.FILE && (filename != null || overwrite)) {
            return "--filename and --overwrite go with --driver file only";
        }
        return Designs.names().contains(design)
                ? null
                : "--design '" + design + "' is not on the class path: use " + String.join(", ", Designs.names());
    }

    private @Nullable String sizes() {
        if (blockSize < SECTOR || blockSize > MAX_BLOCK || blockSize % SECTOR != 0) {
            return "--bs is a multiple of " + SECTOR + " up to " + ByteCount.show(MAX_BLOCK) + ", not " + blockSize;
        }
        long buffers = Math.multiplyHigh(jobs * (long) depth, blockSize) != 0
                ? Long.MAX_VALUE
                : Math.abs(jobs * (long) depth * blockSize);
        if (buffers > Runtime.getRuntime().maxMemory() / 2) {
            return "--numjobs times --iodepth times --bs is more than half of the memory that the JVM may use: lower one";
        }
        if (size != null && tooSmall(size)) {
            return "--size " + size + " is too small: give a block (--bs) or more"
                    + (rw.random() ? "" : " for each job");
        }
        if (driver == Driver.MEMORY
                && writes()
                && bytes() > Runtime.getRuntime().maxMemory() / 2) {
            return "--size " + ByteCount.show(bytes()) + " of written memory is more than half of what the JVM may use:"
                    + " lower --size, or give RCUBLK_JAVA_OPTS=-Xmx";
        }
        return null;
    }

    boolean tooSmall(long bytes) {
        return bytes / blockSize < (rw.random() ? 1 : jobs);
    }

    /** The size asked for or the default; 0 for the file's own. */
    long bytes() {
        if (size != null) {
            return size;
        }
        return switch (driver) {
            case FILE -> 0;
            case NULL -> DEFAULT_SIZE;
            case MEMORY ->
                Math.min(DEFAULT_SIZE, Long.highestOneBit(Runtime.getRuntime().maxMemory() / 4));
        };
    }

    boolean writes() {
        return writePercent() > 0;
    }

    int writePercent() {
        return readPercent != null ? 100 - readPercent : rw.writePercent();
    }

    LoadSpec spec() {
        return new LoadSpec((int) blockSize, depth, seconds(ramp), seconds(runtime));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    @Nullable
    QueueMapping mapping() {
        if (ioThreads.equals("none")) {
            return QueueMapping.none();
        }
        if (ioThreads.equals("per-queue")) {
            return QueueMapping.perQueue();
        }
        try {
            int threads = Integer.parseInt(ioThreads);
            return threads < 1 || threads > MAX_JOBS ? null : QueueMapping.threads(threads);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
