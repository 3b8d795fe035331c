// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.bench.GraphChanger;
import org.rcublk.driver.overlay.OverlayDriver;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockNode;

/**
 * Takes snapshots under load on a thread of its own, beside the thread that inserts and drops filters: two writers of one
 * graph.
 */
final class Snapshots implements AutoCloseable {
    private final GraphChanger changer;
    private final Duration every;
    private final int count;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("rcublk-snapshots").unstarted(this::work);
    private volatile boolean stopping;
    private volatile int taken;
    private String base;

    /** Takes {@code count} snapshots of the node {@code disk}, the first one after {@code every}. */
    Snapshots(GraphChanger changer, String disk, Duration every, int count) {
        this.changer = changer;
        this.base = disk;
        this.every = every;
        this.count = count;
    }

    void start() {
        thread.start();
    }

    /** How many snapshots have been taken. */
    int taken() {
        return taken;
    }

    private void work() {
        long next = System.nanoTime();
        for (int i = 0; i < count && !stopping; i++) {
            next += every.toNanos();
            for (long now = System.nanoTime(); !stopping && next - now > 0; now = System.nanoTime()) {
                LockSupport.parkNanos(this, next - now);
            }
            String overlay = stopping ? null : take("snap" + (i + 1));
            if (overlay != null) {
                base = overlay;
                taken = i + 1;
            }
        }
    }

    private @Nullable String take(String overlay) {
        var driver = new OverlayDriver(OverlayDriver.BACKING_SIZE, OverlayDriver.DEFAULT_CLUSTER, 0, false);
        boolean done = changer.apply(AddNodes.of(BlockNode.of(overlay, "overlay", driver)))
                && changer.apply(new AppendOverlay(base, overlay));
        return done ? overlay : null;
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
