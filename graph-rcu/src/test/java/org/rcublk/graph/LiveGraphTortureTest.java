// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.async;
import static org.rcublk.graph.Conditions.get;

import io.vavr.collection.HashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.rcublk.rcu.ReaderThread;

/**
 * Readers that admit requests and end them on another thread, under writers with overlapping changes. A request must
 * find every node of its version open from admission to end, and no version may go backwards (guarantees A, C, D, F).
 */
class LiveGraphTortureTest {
    private static final int CHANGES = 150;

    private final LiveFixture f = new LiveFixture();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean allAdmitted = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Open> open = new ConcurrentLinkedQueue<>();
    private final AtomicLong admitted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private record Open(RootState root, long token, Route<String> route) {}

    @Test
    void nobodyUsesAClosedNodeAndNoChangeIsLost() throws Exception {
        f.add("base");
        f.add("a", Edge.backing("base"));
        f.add("b", Edge.backing("base"));
        RootState ra = f.attach("ra", "a");
        RootState rb = f.attach("rb", "b");
        List<Thread> readers = List.of(
                new ReaderThread("reader-a", false, () -> admit(ra)),
                new ReaderThread("reader-b", false, () -> admit(rb)));
        Thread ender = new ReaderThread("ender", true, this::end);
        readers.forEach(Thread::start);
        ender.start();
        List<CompletableFuture<Object>> writers = new ArrayList<>();
        for (String node : List.of("a", "b", "base")) {
            writers.add(async(() -> change(node)));
        }
        for (CompletableFuture<Object> writer : writers) {
            get(writer);
        }
        stop.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        allAdmitted.set(true);
        ender.join();
        assertTrue(wrong.isEmpty(), wrong::toString);
        assertTrue(admitted.get() > 0);
        assertTrue(f.live.awaitClosed(LONG));
        assertEquals(HashSet.of("base", "a", "b"), f.now().graph().nodes().keySet());
        assertEquals(HashSet.empty(), f.now().gatedNodes());
        assertEquals("a:a,base", f.plan("ra"));
        assertEquals("b:b,base", f.plan("rb"));
        List<String> closed = f.log.stream().filter(l -> l.startsWith("close")).toList();
        assertEquals(3 * CHANGES, closed.size());
        assertEquals(3 * CHANGES, closed.stream().distinct().count());
    }

    private Object change(String node) {
        for (int i = 0; i < CHANGES; i++) {
            String name = "f-" + node + "-" + i;
            f.live.commit(f.filter(name, node), LONG);
            f.live.commit(new DropFilter(name), LONG);
        }
        return null;
    }

    private void admit(RootState root) {
        long last = 0;
        while (!stop.get()) {
            long token = root.domain().downRead();
            Version<String> version = f.now();
            Route<String> route = version.route(root.id());
            if (version.number() < last) {
                wrong.add("version " + version.number() + " after " + last);
            }
            last = version.number();
            if (route.gated() || open.size() > 64) {
                root.domain().upRead(token);
                refused.incrementAndGet();
                LockSupport.parkNanos(1_000);
            } else {
                admitted.incrementAndGet();
                check(route);
                open.add(new Open(root, token, route));
            }
        }
    }

    private void end() {
        while (!allAdmitted.get() || !open.isEmpty()) {
            Open request = open.poll();
            if (request == null) {
                LockSupport.parkNanos(1_000);
            } else {
                check(request.route());
                request.root().domain().upRead(request.token());
            }
        }
    }

    private void check(Route<String> route) {
        for (NodeState state : route.reach().values()) {
            if (state.isClosed() || ((TestNode) state).closes.get() > 0) {
                wrong.add("request of " + route.root().id() + " found " + ((TestNode) state).name + " closed");
            }
        }
        if (!route.plan().endsWith(":" + route.reach().keySet().toSortedSet().mkString(","))) {
            wrong.add("plan " + route.plan() + " of another version than the reach");
        }
    }
}
