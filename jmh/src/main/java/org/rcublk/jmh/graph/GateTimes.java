// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.PhaseTimes;
import org.rcublk.graph.Publication;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;

/**
 * How long requests are parked while a filter is inserted over a null node, by phase. One IOThread that is its queues'
 * producer as well, and the thread that makes the changes: no more threads run than two cores have.
 *
 * <p>Arguments: queues, depth, changes. Prints a line a figure: its name and the median in nanoseconds.
 */
public final class GateTimes {
    private static final long SLOW_NANOS = 3_000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int WARM_UP = 2000;

    private GateTimes() {}

    /** A change: when it was made, and what it told of its phases. */
    private record Change(long from, long to, PhaseTimes times) {}

    /** Measures. */
    public static void main(String[] args) throws InterruptedException {
        int queues = Integer.parseInt(args[0]);
        int depth = Integer.parseInt(args[1]);
        int changes = Integer.parseInt(args[2]);
        Disks disks = new Disks(10);
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread thread = new IoThread("iothread0", workers::engine).start()) {
            List<Load> loads = new ArrayList<>();
            for (int i = 0; i < queues; i++) {
                loads.add(new Load(disks.devices.getFirst(), thread, depth, SLOW_NANOS));
            }
            loads.forEach(Load::start);
            List<Change> made = new ArrayList<>();
            for (int i = 0; i < WARM_UP + changes; i++) {
                Change change = change(disks, i);
                if (i >= WARM_UP) {
                    made.add(change);
                }
            }
            List<Load.Slow> slow = new ArrayList<>();
            for (Load load : loads) {
                load.stop();
                slow.addAll(load.slow());
            }
            print(made, slow);
        }
    }

    private static Change change(Disks disks, int number) {
        String name = "x" + number;
        BlockNode filter = BlockNode.filter(name, "passthrough", new PassthroughDriver(), Disks.bottom(0));
        InsertFilter insert = new InsertFilter(Disks.bottom(0), filter);
        if (number >= WARM_UP) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        long from = System.nanoTime();
        Publication publication = disks.live.commit(insert, Disks.PATIENCE);
        long to = System.nanoTime();
        if (number >= WARM_UP) {
            LockSupport.parkNanos(PAUSE_NANOS); // no request of this change meets the next one's gate
        }
        disks.live.commit(new DropFilter(name), Disks.PATIENCE);
        return new Change(from, to, publication.times());
    }

    private static void print(List<Change> made, List<Load.Slow> slow) {
        List<long[]> figures = new ArrayList<>();
        int missed = 0;
        for (Change change : made) {
            long parked = 0;
            for (Load.Slow request : slow) {
                boolean during = request.from() < change.to() && request.to() > change.from();
                parked = during ? Math.max(parked, request.to() - request.from()) : parked;
            }
            missed += parked == 0 ? 1 : 0;
            PhaseTimes times = change.times();
            long wake = Math.max(0, parked - times.gatedNanos());
            figures.add(new long[] {
                times.gateNanos(),
                times.drainNanos(),
                times.commitNanos(),
                times.gatedNanos(),
                wake,
                parked,
                change.to() - change.from()
            });
        }
        String[] names = {"gate", "drain", "commit", "gated", "wake", "parked", "call"};
        for (int i = 0; i < names.length; i++) {
            int at = i;
            long[] sorted = figures.stream().mapToLong(f -> f[at]).sorted().toArray();
            System.out.println(names[i] + "\t" + sorted[sorted.length / 2]);
            System.out.println(names[i] + "-p99\t" + sorted[(int) (sorted.length * 0.99)]);
        }
        System.out.println("not-parked\t" + missed + "\tof " + Arrays.asList(made.size()));
    }
}
