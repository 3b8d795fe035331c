// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a one-node change costs in a big graph, counted and not timed. */
class ScalingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicInteger compiled = new AtomicInteger();
    private final AtomicInteger looked = new AtomicInteger();

    @Test
    void aOneNodeChangeTouchesABoundedNumberOfThings() {
        LiveGraph<String> small = graphOf(10);
        LiveGraph<String> big = graphOf(10_000);
        change(small, "warm-up of classes");
        change(big, "warm-up of classes");
        long inSmall = change(small, "small");
        int compiledBefore = compiled.get();
        int lookedBefore = looked.get();
        Version<String> before = big.current();
        long inBig = change(big, "big");
        assertEquals(2, compiled.get() - compiledBefore, "one route for the insert, one for the drop");
        assertTrue(looked.get() - lookedBefore < 32, "asked " + (looked.get() - lookedBefore) + " nodes");
        assertTrue(inBig < 4 * inSmall + 65_536, inBig + " bytes allocated, " + inSmall + " in a small graph");
        for (Route<String> route : before.routes().values()) {
            if (!route.root().id().equals("r7")) {
                assertTrue(Identity.same(route, big.current().route(route.root().id())));
            }
        }
    }

    /** Inserts and drops a filter, and returns how many bytes the thread allocated for that. */
    private long change(LiveGraph<String> live, String name) {
        InsertFilter insert = new InsertFilter("n7", BlockNode.filter("f", "passthrough", new Counting(), "n7"));
        long start = THREADS.getCurrentThreadAllocatedBytes();
        live.commit(insert, LONG);
        live.commit(new DropFilter("f"), LONG);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - start;
        assertTrue(bytes > 0, name);
        return bytes;
    }

    private LiveGraph<String> graphOf(int size) {
        LiveGraph<String> live = new LiveGraph<>((root, graph) -> {
            compiled.incrementAndGet();
            return root.node();
        });
        List<BlockNode> nodes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            nodes.add(BlockNode.of("n" + i, "raw", new Counting()));
        }
        live.commit(new AddNodes(nodes), LONG);
        for (int i = 0; i < size; i++) {
            live.commit(new AttachRoot(new GraphRoot("r" + i, "n" + i, true, new RootState("r" + i))), LONG);
        }
        return live;
    }

    private final class Counting extends NodeState {
        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public boolean readOnly() {
            looked.incrementAndGet();
            return false;
        }
    }
}
