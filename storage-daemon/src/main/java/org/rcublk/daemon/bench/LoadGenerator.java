// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a load: one producer thread and one virtqueue for each source, warm-up first and the measured window after it.
 * A load runs once.
 */
public final class LoadGenerator {
    /** How long requests may take to end after the window, before they count as never completed. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(30);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Rig rig;
    private final LoadSpec spec;
    private final @Nullable GraphChanger changer;
    private final Progress progress;
    private final Window window;
    private final long began = System.nanoTime();
    private final CountDownLatch ended;
    private final List<Job> jobs = new ArrayList<>();
    private long completedAtTick;

    private LoadGenerator(
            Rig rig, LoadSpec spec, List<? extends Source> sources, @Nullable GraphChanger changer, Progress progress) {
        this.rig = rig;
        this.spec = spec;
        this.changer = changer;
        this.progress = progress;
        long from = began + spec.ramp().toNanos();
        this.window = new Window(from, from + spec.runtime().toNanos());
        this.ended = new CountDownLatch(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            jobs.add(new Job(rig, i, sources.get(i), spec, window, ended));
        }
    }

    /**
     * Runs a load to its end: the end of its time, or of all its sources.
     *
     * @param rig what it runs on
     * @param spec how hard and how long
     * @param sources one for each job
     * @param changer what changes the graph meanwhile, started, or null; its counts are made part of the result
     * @param progress is told once a second
     * @return what it showed
     */
    public static LoadResult run(
            Rig rig, LoadSpec spec, List<? extends Source> sources, @Nullable GraphChanger changer, Progress progress) {
        return run(rig, spec, sources, changer, progress, DRAIN_PATIENCE);
    }

    static LoadResult run(
            Rig rig,
            LoadSpec spec,
            List<? extends Source> sources,
            @Nullable GraphChanger changer,
            Progress progress,
            Duration drainPatience) {
        return new LoadGenerator(rig, spec, sources, changer, progress).run(drainPatience);
    }

    private LoadResult run(Duration drainPatience) {
        for (int i = 0; i < jobs.size(); i++) {
            Thread.ofPlatform()
                    .daemon()
                    .name("rcublk-job" + i)
                    .unstarted(jobs.get(i))
                    .start();
        }
        awaitUntil(window.from());
        if (changer != null) {
            changer.begin();
        }
        Reading before = read();
        awaitUntil(window.to());
        Reading after = read();
        ChangeCounts changes = changer == null ? ChangeCounts.NONE : changer.counts();
        progress.clear();
        boolean done = awaitEnd(System.nanoTime() + drainPatience.toNanos());
        if (done) {
            closeQueues();
        }
        return result(before, after, changes);
    }

    /** What the process had used and done at one moment. */
    private record Reading(long nanos, long cpuNanos, long completed, long parked) {}

    private Reading read() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long completed = completed();
        return new Reading(
                System.nanoTime(),
                system.getProcessCpuTime(),
                completed,
                rig.device().parkedTotal());
    }

    private LoadResult result(Reading before, Reading after, ChangeCounts changes) {
        Job.Tally sum = new Job.Tally(TimeUnit.HOURS.toNanos(1));
        jobs.forEach(job -> sum.add(job.tally()));
        long measured = Math.max(1, after.completed - before.completed);
        long end = Math.min(after.nanos - window.from(), window.to() - window.from());
        return new LoadResult(
                (double) end / SECOND,
                sum.reads,
                sum.writes,
                spec.blockSize(),
                sum.latency,
                (after.cpuNanos - before.cpuNanos) / 1e3 / measured,
                jobs.stream().mapToLong(Job::submittedSoFar).sum(),
                completed(),
                sum.errors,
                sum.firstError,
                sum.mismatches,
                sum.firstMismatch,
                after.parked - before.parked,
                changes);
    }

    private long completed() {
        return jobs.stream().mapToLong(Job::completedSoFar).sum();
    }

    private void awaitUntil(long time) {
        long nextTick = began;
        for (long now = System.nanoTime(); time - now > 0; now = System.nanoTime()) {
            if (now - nextTick >= 0) {
                nextTick = now - (now - began) % SECOND + SECOND;
                tick(now);
            }
            if (awaitEnd(Math.min(nextTick - now, time - now) + now)) {
                return;
            }
        }
    }

    private void tick(long now) {
        long completed = completed();
        if (now - began >= SECOND) {
            progress.tick(
                    (double) (now - began) / SECOND,
                    (double) (window.to() - began) / SECOND,
                    completed - completedAtTick);
        }
        completedAtTick = completed;
    }

    private boolean awaitEnd(long deadline) {
        try {
            return ended.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private void closeQueues() {
        CountDownLatch closed = new CountDownLatch(jobs.size());
        jobs.forEach(job -> job.close(closed::countDown));
        try {
            if (!closed.await(DRAIN_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException(closed.getCount() + " virtqueues did not close: an IOThread hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
