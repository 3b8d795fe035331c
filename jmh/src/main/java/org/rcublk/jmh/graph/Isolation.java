// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.InsertFilter;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;
import org.rcublk.rcu.RcuMeters;

/**
 * What disk B notices of disk A. B runs a closed loop on an IOThread of its own; segments follow each other in which
 * nothing else happens, in which A's graph changes 100 times a second under A's requests, and in which a request hangs on
 * another disk for 2 s while changes of that disk are tried 100 times a second, which end at their deadline.
 *
 * <p>Arguments: passes, milliseconds a segment. Prints a line a figure: name, value.
 */
public final class Isolation {
    private static final long PERIOD_NANOS = 10_000_000;
    private static final long A_NANOS = 100_000;
    private static final long HANGS_NANOS = 2_000_000_000;
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Disks disks = new Disks(15, A_NANOS, 0, HANGS_NANOS);
    private final Device b = disks.devices.get(1);
    private final List<Long> quiet = new ArrayList<>();
    private final List<Long> changing = new ArrayList<>();
    private final List<Long> hung = new ArrayList<>();
    private long changes;
    private long refused;
    private long controlNanos;

    private Isolation() {}

    /** Measures. */
    public static void main(String[] args) throws InterruptedException {
        new Isolation().run(Integer.parseInt(args[0]), Long.parseLong(args[1]) * 1_000_000);
    }

    private void run(int passes, long segment) throws InterruptedException {
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread threadA = new IoThread("iothread-a", workers::engine, 0).start();
                IoThread threadB = new IoThread("iothread-b", workers::engine).start()) {
            Load a = new Load(disks.devices.getFirst(), threadA, 1, Long.MAX_VALUE);
            Load loadB = new Load(b, threadB, 4, Long.MAX_VALUE);
            Load hanging = new Load(disks.devices.get(2), threadA, 1, Long.MAX_VALUE);
            a.start();
            loadB.start();
            hanging.start();
            quiet(segment);
            changing(0, segment);
            loadB.snapshot();
            long graceBefore = gracePeriods();
            long requests = 0;
            for (int pass = 0; pass < passes; pass++) {
                quiet(segment);
                requests += note(loadB, quiet);
                long cpu = cpu();
                changing(0, segment);
                controlNanos += cpu() - cpu;
                requests += note(loadB, changing);
                quiet(segment);
                requests += note(loadB, quiet);
                changing(2, segment);
                requests += note(loadB, hung);
            }
            System.out.println("requests\t" + requests);
            System.out.println("parked\t" + b.parkedTotal());
            System.out.println("waited-for\t" + (gracePeriods() - graceBefore));
            System.out.println("changes\t" + changes + "\tat their deadline " + refused);
            System.out.println("control-us-per-change\t" + controlNanos / 1000.0 / Math.max(1, changes));
            print("quiet", quiet);
            print("changing", changing);
            print("hung", hung);
            for (Load load : List.of(a, loadB, hanging)) {
                load.stop();
            }
        }
        System.exit(0); // a request may hang
    }

    private static void quiet(long segment) {
        long end = System.nanoTime() + segment;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    /** Inserts and drops a filter over a disk's null node in turn, 100 changes a second. */
    private void changing(int disk, long segment) {
        long start = System.nanoTime();
        boolean in = false;
        for (long next = start; next - start < segment; next += PERIOD_NANOS) {
            while (System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            String name = "x" + disk;
            BlockNode filter = BlockNode.filter(name, "passthrough", new PassthroughDriver(), Disks.bottom(disk));
            try {
                Duration patience = disk == 0 ? Disks.PATIENCE : SHORT;
                disks.live.commit(in ? new DropFilter(name) : new InsertFilter(Disks.bottom(disk), filter), patience);
                in = !in;
                changes += disk == 0 ? 1 : 0;
            } catch (DrainTimeoutException e) {
                refused++;
            }
        }
        if (in) {
            disks.live.commit(new DropFilter("x" + disk), Disks.PATIENCE);
        }
    }

    private static long note(Load load, List<Long> to) throws InterruptedException {
        long[] counts = load.snapshot();
        to.add(Load.percentile(counts, 0.999));
        return Load.sum(counts);
    }

    private long gracePeriods() {
        AtomicLong found = new AtomicLong();
        b.domain().bindTo(new RcuMeters() {
            @Override
            public void counter(String name, String unit, String description, String domain, LongSupplier value) {
                if (name.endsWith("grace.periods")) {
                    found.set(value.getAsLong());
                }
            }

            @Override
            public void gauge(String name, String unit, String description, String domain, LongSupplier value) {}
        });
        return found.get();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void print(String name, List<Long> values) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(name + "-p999\t" + sorted[sorted.length / 2]);
        System.out.println(name + "-p999-band\t" + sorted[0] + "\t" + sorted[sorted.length - 1]);
        System.err.println(name + " " + Arrays.toString(sorted));
    }
}
