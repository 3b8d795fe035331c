// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.rcublk.graph.NodeState;

/** A node that knows who runs on it, who has it for itself, and whether it is closed. */
final class StormNode extends NodeState {
    final String name;
    final AtomicInteger running = new AtomicInteger();
    /** Who holds a drain of this node now, or null. */
    final AtomicReference<Object> exclusive = new AtomicReference<>();

    final Run run;
    volatile boolean closed;
    volatile Runnable inClose = () -> {};

    StormNode(Run run, String name) {
        this.run = run;
        this.name = name;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        inClose.run();
        if (closed) {
            run.violation("released once", "node " + name + " was closed a second time");
        }
        closed = true;
        int requests = running.get();
        if (requests != 0) {
            run.violation("closed node", requests + " requests run on node " + name + " at its close");
        }
        run.tally.releases.increment();
    }

    void enter() {
        running.incrementAndGet();
        look();
    }

    void leave() {
        look();
        running.decrementAndGet();
    }

    private void look() {
        if (closed) {
            run.violation("closed node", "a request runs on node " + name + ", which is closed");
        }
        Object holder = exclusive.get();
        if (holder != null) {
            run.violation("gate exclusion", "a request runs on node " + name + ", which is drained for " + holder);
        }
    }
}
