// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;
import static org.rcublk.graph.Conditions.async;
import static org.rcublk.graph.Conditions.get;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.rcublk.rcu.ReaderThread;

/** Publication without a gate: guarantees A, D, E and J, and who may call. */
class StraddlingCommitTest {
    private final LiveFixture f = new LiveFixture();

    /** A change made up by a test. */
    record Ad(String describe, HashSet<String> nodes, UnaryOperator<BlockGraph> how) implements Straddling {
        @Override
        public BlockGraph apply(BlockGraph graph) {
            return how.apply(graph);
        }

        @Override
        public Set<String> touches(BlockGraph graph) {
            return nodes;
        }
    }

    /** Changes the node's description, and so the routes above it. */
    static Ad touch(String node) {
        return new Ad(
                "touch " + node,
                HashSet.of(node),
                g -> g.withNode(g.node(node).withChildren(g.node(node).children())));
    }

    @Test
    void publishesOneVersionAChange() {
        assertEquals(0, f.now().number());
        assertNull(f.now().route("r"));
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        assertEquals(2, f.now().number());
        assertEquals("disk:disk", f.plan("r"));
        assertEquals(HashSet.of("disk"), f.now().route("r").reach().keySet());
        assertEquals(0, f.now().route("r").replacedIn());
        assertEquals(HashSet.empty(), f.now().gatedNodes());
        f.live.commit(new DetachRoot("r"), LONG);
        assertNull(f.now().route("r"));
        assertEquals(1, root.detaches.get());
        assertEquals(0, root.releases.get());
        assertEquals(
                List.of("add node 'disk'", "attach root 'r' to node 'disk'", "detach root 'r'"),
                f.publications.stream().map(Publication::description).toList());
        assertSame(f.now().graph(), f.publications.getLast().graph());
    }

    @Test
    void aRefusedChangePublishesNothingAndGivesBackItsStates() {
        f.add("disk");
        Version<String> before = f.now();
        TestNode state = new TestNode("a");
        assertThrows(
                GraphException.class,
                () -> f.live.commit(
                        AddNodes.of(BlockNode.of("a", "raw", state), BlockNode.of("disk", "raw", new TestNode("disk"))),
                        LONG));
        assertThrows(GraphException.class, () -> f.live.commit(new RemoveNode("gone"), LONG));
        assertSame(before, f.now());
        f.live.commit(AddNodes.of(BlockNode.of("a", "raw", state)), LONG);
    }

    @Test
    void aPlanThatCannotBeMadeAbortsTheChange() {
        LiveGraph<String> live = new LiveGraph<>((root, graph) -> {
            throw new IllegalArgumentException("no plan");
        });
        live.commit(AddNodes.of(BlockNode.of("disk", "raw", new TestNode("disk"))), LONG);
        TestRoot state = new TestRoot("r");
        AttachRoot attach = new AttachRoot(new GraphRoot("r", "disk", true, state));
        assertThrows(IllegalArgumentException.class, () -> live.commit(attach, LONG));
        assertThrows(IllegalArgumentException.class, () -> live.commit(attach, LONG), "the state was not given back");
        assertEquals(1, live.current().number());
    }

    @Test
    void aStateIsPublishedOnceEver() {
        TestNode state = f.add("disk");
        TestRoot root = f.attach("r", "disk");
        AddNodes again = AddNodes.of(BlockNode.of("again", "raw", state));
        assertThrows(GraphException.class, () -> f.live.commit(again, LONG));
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        assertThrows(GraphException.class, () -> f.live.commit(again, LONG), "retired");
        f.allClosed();
        assertTrue(state.isClosed());
        GraphException e = assertThrows(GraphException.class, () -> f.live.commit(again, LONG), "closed");
        assertTrue(e.getMessage().contains("'again'"), e.getMessage());
        f.add("other");
        assertThrows(
                GraphException.class,
                () -> f.live.commit(new AttachRoot(new GraphRoot("r", "other", true, root)), LONG));
        TestNode twice = new TestNode("twice");
        assertThrows(
                GraphException.class,
                () -> f.live.commit(
                        AddNodes.of(BlockNode.of("x", "raw", twice), BlockNode.of("y", "raw", twice)), LONG));
        f.live.commit(AddNodes.of(BlockNode.of("x", "raw", twice)), LONG);
    }

    @Test
    void noUpdateIsLostUnderThreads() throws Exception {
        f.add("disk");
        List<CompletableFuture<Object>> writers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            writers.add(async(() -> {
                for (int i = 0; i < 100; i++) {
                    f.add("n" + thread + "-" + i, Edge.backing("disk"));
                    f.attach("r" + thread + "-" + i, "n" + thread + "-" + i);
                }
                return null;
            }));
        }
        for (CompletableFuture<Object> writer : writers) {
            get(writer);
        }
        assertEquals(401, f.now().graph().nodes().size());
        assertEquals(400, f.now().routes().size());
        assertEquals(400, f.now().graph().parents("disk").size());
        assertEquals(801, f.now().number());
        assertEquals(
                801,
                f.publications.stream().map(Publication::version).distinct().count());
    }

    @Test
    void onlyAffectedRoutesAreCompiled() {
        f.add("disk");
        f.add("other");
        f.attach("r", "disk");
        f.attach("s", "other");
        int before = f.compiled.get();
        Route<String> route = f.now().route("s");
        f.live.commit(f.filter("f0", "disk"), LONG);
        assertEquals(before + 1, f.compiled.get());
        assertSame(route, f.now().route("s"));
        f.attach("t", "disk");
        assertEquals(before + 2, f.compiled.get());
    }

    @Test
    void aSecondChangeOfARouteWaitsForTheFirstToBeCovered() throws Exception {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long token = root.begin();
        f.live.commit(touch("disk"), LONG);
        assertEquals(2, root.liveVersions());
        Version<String> before = f.now();
        DrainTimeoutException e = assertThrows(DrainTimeoutException.class, () -> f.live.commit(touch("disk"), SHORT));
        assertEquals(DrainTimeoutException.Phase.GRACE_PERIOD, e.phase());
        assertSame(before, f.now());
        CompletableFuture<Publication> second = async(() -> f.live.commit(touch("disk"), LONG));
        f.live.commit(touchOther(), LONG);
        assertFalse(f.gated("r"), "the wait holds no gate");
        assertFalse(second.isDone());
        root.end(token);
        get(second);
        Conditions.until("covered", () -> root.liveVersions() == 1);
    }

    private Ad touchOther() {
        f.add("other");
        f.attach("s", "other");
        return touch("other");
    }

    @Test
    void detachingWaitsForNothing() {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long token = root.begin();
        f.live.commit(touch("disk"), LONG);
        f.live.commit(new DetachRoot("r"), SHORT);
        assertEquals(1, root.detaches.get());
        root.end(token);
    }

    @Test
    void whatLeavesAFlushSetMustDrain() {
        f.add("disk", new Edge[0]);
        f.add("other");
        f.attach("r", "disk");
        Ad move = new Ad("move", HashSet.of("disk"), g -> g.withRoot(g.root("r").on("other")));
        GraphException e = assertThrows(GraphException.class, () -> f.live.commit(move, LONG));
        assertTrue(e.getMessage().contains("Draining"), e.getMessage());
        assertEquals("disk:disk", f.plan("r"));
    }

    @Test
    void anUndoIsDerivedFromTheGraphAndNotTakenFromAShelf() {
        BlockGraph old = f.now().graph();
        f.add("disk");
        Ad undo = new Ad("undo", HashSet.empty(), g -> old);
        GraphException e = assertThrows(GraphException.class, () -> f.live.commit(undo, LONG));
        assertTrue(e.getMessage().contains("'undo'"), e.getMessage());
    }

    @Test
    void anIoThreadIsToldWhatToDo() throws Exception {
        f.add("disk");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        for (Runnable call : List.<Runnable>of(
                () -> f.live.commit(AddNodes.of(), LONG),
                () -> f.live.drain(List.of("disk"), LONG),
                () -> f.live.flushInFlight(List.of("disk"), LONG),
                () -> f.live.awaitClosed(LONG))) {
            ReaderThread thread = new ReaderThread("io", false, call);
            thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
            thread.start();
            thread.join();
            assertTrue(thrown.getAndSet(null) instanceof IllegalStateException);
        }
    }

    @Test
    void listenersThatThrowDisturbNobody() {
        GraphListener bad = p -> {
            throw new IllegalStateException("bad listener");
        };
        f.live.addListener(bad);
        f.add("disk");
        f.live.removeListener(bad);
        f.add("other");
        assertEquals(2, f.publications.size());
    }

    @Test
    void anInterruptIsKept() {
        f.add("disk");
        f.attach("r", "disk");
        Thread.currentThread().interrupt();
        f.live.commit(f.filter("f0", "disk"), LONG);
        assertTrue(Thread.interrupted());
    }
}
