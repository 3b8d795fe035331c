// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RootState;

/** Two disks of one graph: a request, then the close of a node, hangs on one; changes of the other complete. */
final class HungDisk {
    private static final Duration SHORT = Duration.ofMillis(5);

    /** A root that names the request which hangs. */
    private static final class Root extends RootState {
        final AtomicReference<InFlight> oldest = new AtomicReference<>();

        Root(String id) {
            super(id);
        }

        @Override
        public InFlight oldestRequest() {
            return oldest.get();
        }
    }

    private final LiveGraph<String> live = new LiveGraph<>((root, graph) -> root.node());
    private Root hung;
    private int names;

    void round(Run run) {
        if (hung == null) {
            hung = add(run, "a");
            add(run, "b");
        }
        hungRequest(run);
        hungClose(run);
        run.until("all nodes that left are closed", () -> live.retiredNotClosed() == 0);
    }

    private Root add(Run run, String node) {
        Root root = new Root("r" + node);
        live.commit(AddNodes.of(BlockNode.of(node, "raw", new StormNode(run, node))), run.options.patience());
        live.commit(new AttachRoot(new GraphRoot(root.id(), node, true, root)), run.options.patience());
        return root;
    }

    /** A filter in and out again; it is dropped and perhaps not closed when this returns. */
    private void change(Run run, String over, StormNode filter) {
        live.commit(
                new InsertFilter(over, BlockNode.filter(filter.name, "passthrough", filter, over)),
                run.options.patience());
        live.commit(new DropFilter(filter.name), run.options.patience());
    }

    private StormNode filter(Run run) {
        String name = "f" + names++;
        return new StormNode(run, name);
    }

    private void hungRequest(Run run) {
        InFlight request = new InFlight("io-culprit", "ra", "a", "read", 1, 0, 4096, List.of());
        hung.oldest.set(request);
        long token = hung.domain().downRead();
        try {
            live.drain(HashSet.of("a"), SHORT).close();
            run.violation("drain", "node a was drained while a request was in flight");
        } catch (DrainTimeoutException expected) {
            if (!request.equals(expected.oldestRequest())
                    || expected.phase() != DrainTimeoutException.Phase.GRACE_PERIOD) {
                run.violation("right culprit", "a missed drain says: " + expected.getMessage());
            }
        }
        change(run, "b", filter(run));
        if (!live.current().gatedNodes().isEmpty()) {
            run.violation("gates off", "after a missed drain: " + live.current().gatedNodes());
        }
        hung.domain().upRead(token);
        hung.oldest.set(null);
    }

    private void hungClose(Run run) {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        StormNode hangs = filter(run);
        hangs.inClose = () -> {
            closing.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        change(run, "a", hangs);
        run.until("a close hangs", () -> closing.getCount() == 0);
        StormNode other = filter(run);
        change(run, "b", other);
        run.until("a node of another disk is closed", () -> other.closed);
        change(run, "a", filter(run));
        end.countDown();
    }

    void atRest(Run run) {
        if (!live.awaitClosed(run.options.patience())) {
            run.violation("progress", live.retiredNotClosed() + " nodes left the graph and are not closed");
        }
    }
}
