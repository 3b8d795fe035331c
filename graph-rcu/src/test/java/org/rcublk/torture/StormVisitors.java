// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RemoveNode;

/**
 * Roots that come, perhaps under a gate, submit, and leave with requests in flight. A drain waits for those too, and a
 * node that leaves after them is closed after them.
 */
final class StormVisitors {
    private static final int REQUESTS = 3;

    private final Run run;
    private final LiveGraph<String> live;
    private final ConcurrentLinkedQueue<StormRoot> late = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writers = new AtomicInteger();

    StormVisitors(Run run, LiveGraph<String> live) {
        this.run = run;
        this.live = live;
    }

    void writer() {
        writers.incrementAndGet();
    }

    void writerEnds() {
        writers.decrementAndGet();
    }

    /** On a node that is there, or with the empty name on one of its own, which leaves with it. */
    void visit(String name, String node) {
        String on = node.isEmpty() ? "n-" + name : node;
        if (node.isEmpty()) {
            live.commit(AddNodes.of(BlockNode.of(on, "raw", new StormNode(run, on))), run.options.patience());
        }
        StormRoot root = new StormRoot(run, live, "v-" + name);
        live.commit(new AttachRoot(new GraphRoot(root.id(), on, false, root)), run.options.patience());
        for (int i = 0; i < REQUESTS; i++) {
            root.submit();
        }
        late.add(root);
        live.commit(new DetachRoot(root.id()), run.options.patience());
        if (node.isEmpty()) {
            live.commit(new RemoveNode(on), run.options.patience());
        }
        run.tally.other("visitors").increment();
    }

    /** Ends what visitors left in flight, some of it much later. */
    void endRequests() {
        SplittableRandom random = run.random();
        while (writers.get() > 0 || !late.isEmpty()) {
            StormRoot root = late.poll();
            if (root == null) {
                LockSupport.parkNanos(20_000);
                continue;
            }
            Stalls.upTo(random, 1_000_000);
            StormRoot.Request request = root.running.poll();
            if (request != null) {
                request.complete();
            }
            if (root.completed.get() < root.submitted.get()) {
                late.add(root);
            } else if (root.domain().openSections() != 0) {
                run.violation("counts", root.id() + ": " + root.domain().openSections() + " sections left open");
            }
        }
    }
}
