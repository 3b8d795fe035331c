// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Publication;

/**
 * Changes the graph under load: inserts a filter over the node that the device sits on, drops it, and so on, on a
 * control thread of its own. Each insert and each drop is one change. Others may make changes of their own through
 * {@link #apply} meanwhile, and they are counted too.
 *
 * <p>The pace is that of a clock; when changes take longer than their share of a second, there are fewer of them.
 */
public final class GraphChanger implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Rig rig;
    private final long periodNanos;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("rcublk-changes").unstarted(this::work);
    private final Object lock = new Object();
    private volatile boolean stopping;
    private int made;
    private @Nullable String filter;

    // Guarded by lock.
    private long changes;
    private long failed;
    private @Nullable String firstFailure;
    private long version;
    private long versionAtBegin;
    private long longestGateNanos;

    /**
     * A changer that does nothing yet.
     *
     * @param rig the graph in service
     * @param perSecond changes a second, more than 0; infinite for as many as there can be
     */
    public GraphChanger(Rig rig, double perSecond) {
        this.rig = rig;
        this.periodNanos = (long) (1e9 / perSecond);
        this.version = rig.firstVersion();
        this.versionAtBegin = version;
    }

    /** Begins to change the graph. */
    public void start() {
        thread.start();
    }

    private void work() {
        long next = System.nanoTime();
        while (!stopping) {
            toggle();
            long now = System.nanoTime();
            next = Math.max(next + periodNanos, now);
            while (!stopping && next - now > 0) {
                LockSupport.parkNanos(this, next - now);
                now = System.nanoTime();
            }
        }
    }

    private void toggle() {
        String present = filter;
        if (present == null) {
            String name = "filter" + made++;
            String node = rig.admission().graph().root(Rig.DEVICE).node();
            if (apply(new InsertFilter(node, BlockNode.filter(name, "passthrough", new PassthroughDriver(), node)))) {
                filter = name;
            }
        } else if (apply(new DropFilter(present))) {
            filter = null;
        }
    }

    /**
     * Makes a change and counts it.
     *
     * @param change the change
     * @return false if it was refused or missed its deadline, which is counted
     */
    public boolean apply(GraphChange change) {
        try {
            Publication publication = rig.admission().change(change, PATIENCE);
            synchronized (lock) {
                changes++;
                version = Math.max(version, publication.version());
                longestGateNanos =
                        Math.max(longestGateNanos, publication.times().gatedNanos());
            }
            return true;
        } catch (GraphException | DrainTimeoutException e) {
            synchronized (lock) {
                failed++;
                firstFailure = firstFailure == null ? e.getMessage() : firstFailure;
            }
            return false;
        }
    }

    /** Counts from here on; failures stay counted. */
    void begin() {
        synchronized (lock) {
            changes = 0;
            versionAtBegin = version;
            longestGateNanos = 0;
        }
    }

    /** What was counted since {@link #begin}. */
    ChangeCounts counts() {
        synchronized (lock) {
            return new ChangeCounts(changes, failed, firstFailure, version - versionAtBegin, longestGateNanos);
        }
    }

    /** Stops, and drops the filter if it is in. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (filter != null) {
            toggle();
        }
    }
}
