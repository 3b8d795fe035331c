// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.graph.BlockNode;

/** A running request at a node, of an IOThread, that counts how often it is resumed. */
final class TrackedRequest {
    private static final PlanNode NODE = node();

    final Request request;
    final boolean serialising;
    long from;
    long to;
    /** Written on the IOThread. */
    volatile int resumes;

    private final Runnable onResumed;

    TrackedRequest(IoThread thread, long from, long to, boolean serialising, Runnable onResumed) {
        this.request = new Request(null, -1, thread);
        this.from = from;
        this.to = to;
        this.serialising = serialising;
        this.onResumed = onResumed;
        request.state = Request.RUNNING;
        request.at = NODE;
        request.frame(this);
    }

    boolean beginAt(RequestTracker tracker) {
        return tracker.begin(request, from, to, serialising);
    }

    boolean overlaps(TrackedRequest other) {
        return Math.max(from, other.from) < Math.min(to, other.to);
    }

    @Override
    public String toString() {
        return (serialising ? "serialising " : "ordinary ") + from + ".." + to;
    }

    private static PlanNode node() {
        ScriptedDriver driver = new ScriptedDriver();
        driver.resumed = (self, request) -> ((TrackedRequest) request.frame()).resumed();
        return new PlanNode(BlockNode.of("tracked", "scripted", driver), driver, new PlanNode[0], null, null);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the IOThread alone
    private void resumed() {
        resumes++;
        onResumed.run();
    }
}
