// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Guarantee K for what nodes are laid over while no root is there to flush it. */
class BackingFlushTest {
    private final LiveFixture f = new LiveFixture();
    private final TestNode file = f.add("file");
    private final TestNode base = f.add("base", Edge.image("file"));

    @Test
    void aSnapshotOfABaseWhoseRootIsGoneFlushesIt() {
        TestRoot root = f.attach("r", "base");
        root.end(root.begin()); // a write that is acknowledged and not flushed
        f.live.commit(new DetachRoot("r"), LONG);
        f.add("overlay");
        f.live.commit(new AppendOverlay("base", "overlay"), LONG);
        assertEquals(List.of("flush base", "flush file", "flush base", "flush file"), f.log);
    }

    @Test
    void aNodeAddedOverABaseFlushesIt() {
        f.add("overlay", Edge.backing("base"));
        assertEquals(List.of("flush base", "flush file"), f.log);
        f.add("fmt", Edge.image("overlay"));
        assertEquals(1, base.flushes.get(), "an edge that carries flushes calls for none");
    }

    @Test
    void nodesAddedTogetherAndReadOnlyOnesAreNotFlushed() {
        TestNode sealed = new TestNode("sealed", f.log);
        sealed.readOnly = true;
        TestNode over = new TestNode("over", f.log);
        f.live.commit(
                AddNodes.of(
                        BlockNode.of("sealed", "raw", sealed),
                        BlockNode.of("over", "raw", over, Edge.of("file", "sealed", ChildRole.DATA))),
                LONG);
        TestNode low = new TestNode("low");
        TestNode high = new TestNode("high");
        f.live.commit(
                AddNodes.of(
                        BlockNode.of("high", "raw", high, Edge.backing("low")),
                        BlockNode.of("low", "raw", low, Edge.backing("over"))),
                LONG);
        assertEquals(List.of("flush over"), f.log);
        assertEquals(0, low.flushes.get() + high.flushes.get());
    }

    @Test
    void nodesWithNothingToFlushCostNoFlush() {
        base.needsFlush = false;
        file.needsFlush = false;
        f.add("overlay", Edge.backing("base"));
        assertEquals(List.of(), f.log);
        file.needsFlush = true;
        f.add("overlay2", Edge.backing("base"));
        assertEquals(List.of("flush base", "flush file"), f.log, "one that has something is flushed, in order");
    }

    @Test
    void whatIsBackingAlreadyIsNotFlushedAgain() {
        f.add("overlay", Edge.backing("base"));
        f.live.commit(f.filter("f0", "base"), LONG);
        f.live.commit(new DropFilter("f0"), LONG);
        assertEquals(1, base.flushes.get());
    }

    @Test
    void anAddedNodeWaitsForRequestsThatAreLeftOnItsBase() {
        TestRoot root = f.attach("r", "base");
        long token = root.begin();
        f.live.commit(new DetachRoot("r"), LONG);
        AddNodes add = AddNodes.of(BlockNode.of("overlay", "raw", new TestNode("overlay"), Edge.backing("base")));
        DrainTimeoutException e = assertThrows(DrainTimeoutException.class, () -> f.live.commit(add, SHORT));
        assertEquals(DrainTimeoutException.Phase.GRACE_PERIOD, e.phase());
        root.end(token);
        f.live.commit(add, LONG);
        assertEquals(1, base.flushes.get());
    }

    @Test
    void aRootThatComesAndGoesDuringTheFlushMakesItDueAgain() {
        CountDownLatch once = new CountDownLatch(1);
        file.onFlush = () -> {
            if (once.getCount() > 0) {
                once.countDown();
                f.attach("r", "base");
                f.live.commit(new DetachRoot("r"), LONG);
            }
        };
        f.add("overlay", Edge.backing("base"));
        assertEquals(2, base.flushes.get());
    }

    @Test
    void aFailedOrHungFlushRefusesTheNode() {
        TestNode overlay = new TestNode("overlay");
        AddNodes add = AddNodes.of(BlockNode.of("overlay", "raw", overlay, Edge.backing("base")));
        Version<String> before = f.now();
        base.failFlush = true;
        GraphException e = assertThrows(GraphException.class, () -> f.live.commit(add, LONG));
        assertTrue(e.getMessage().contains("'base'"), e.getMessage());
        base.failFlush = false;
        CountDownLatch hang = new CountDownLatch(1);
        base.hangFlush = hang;
        DrainTimeoutException late = assertThrows(DrainTimeoutException.class, () -> f.live.commit(add, SHORT));
        assertEquals(DrainTimeoutException.Phase.FLUSH, late.phase());
        assertSame(before, f.now());
        assertNull(f.now().graph().find("overlay"));
        hang.countDown();
        f.live.commit(add, LONG);
    }
}
