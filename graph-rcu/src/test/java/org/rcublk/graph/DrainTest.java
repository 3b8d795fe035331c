// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;
import static org.rcublk.graph.Conditions.async;
import static org.rcublk.graph.Conditions.get;
import static org.rcublk.graph.Conditions.until;

import io.vavr.collection.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

/** The two-phase publication: guarantees E, F, G, I and K. */
class DrainTest {
    private final LiveFixture f = new LiveFixture();

    @Test
    void aDrainingChangeGatesWaitsAndReleases() throws Exception {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        AtomicReference<Version<String>> seenByRelease = new AtomicReference<>();
        root.onRelease = () -> seenByRelease.set(f.now());
        long token = root.begin();
        CompletableFuture<Publication> insert = async(() -> f.live.commit(f.filter("f0", "disk"), LONG));
        until("gated", () -> f.gated("r"));
        assertEquals(HashSet.of("disk"), f.now().gatedNodes());
        assertEquals("disk:disk", f.plan("r"));
        assertFalse(insert.isDone());
        root.end(token);
        Publication done = get(insert);
        assertEquals("f0:disk,f0", f.plan("r"));
        assertFalse(f.gated("r"));
        assertEquals(1, root.releases.get());
        assertFalse(seenByRelease.get().route("r").gated(), "released before the publication");
        assertEquals(done.version(), f.now().number());
        assertTrue(done.times().drainNanos() > 0
                && done.times().gatedNanos() >= done.times().drainNanos());
        assertTrue(root.lastDrainNanos() > 0 && root.lastGateNanos() > 0);
        assertEquals(
                List.of(Publication.Kind.GATE, Publication.Kind.CHANGE),
                f.publications.stream().skip(2).map(Publication::kind).toList());
        f.live.commit(new DropFilter("f0"), LONG);
        assertEquals("disk:disk", f.plan("r"));
        assertEquals(2, root.releases.get());
    }

    @Test
    void aDrainInsideASectionOfItsRootThrowsAndGatesNothing() {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long version = f.now().number();
        try (ReadSection _ = root.domain().read()) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> f.live.commit(f.filter("f0", "disk"), LONG));
            assertTrue(refused.getMessage().contains("inside a ReadSection"), refused.getMessage());
            assertThrows(IllegalStateException.class, () -> f.live.drain(List.of("disk"), LONG));
            assertThrows(IllegalStateException.class, () -> f.live.flushInFlight(List.of("disk"), LONG));
        }
        assertEquals(version, f.now().number(), "nothing was published");
        f.live.commit(f.filter("f0", "disk"), LONG);
    }

    /** Two threads that each hold a section of one root and drain the other's would wait for each other. */
    @Test
    void aDrainInsideASectionOfAnotherRootIsAsserted() {
        f.add("disk");
        f.attach("r", "disk");
        ReadDomain other = new ReadDomain("other");
        AssertionError found;
        try (ReadSection _ = other.read()) {
            found = assertThrows(AssertionError.class, () -> f.live.commit(f.filter("f0", "disk"), LONG));
            assertThrows(AssertionError.class, () -> f.live.flushInFlight(List.of("disk"), LONG));
        }
        assertTrue(found.getMessage().contains("inside a ReadSection of another domain"), found.getMessage());
        assertTrue(f.now().gatedNodes().isEmpty(), "the gate is off again");
        f.live.commit(f.filter("f1", "disk"), LONG);
    }

    @Test
    void aMissedDeadlineNamesTheOldestRequestAndRestores() {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        root.oldest = new InFlight("io-1", "r", "disk", "read", 5_000_000, 0, 512, List.of());
        TestNode filter = new TestNode("f0");
        InsertFilter insert = new InsertFilter("disk", BlockNode.filter("f0", "x", filter, "disk"));
        Version<String> before = f.now();
        long token = root.begin();
        DrainTimeoutException e = assertThrows(DrainTimeoutException.class, () -> f.live.commit(insert, SHORT));
        assertEquals(DrainTimeoutException.Phase.GRACE_PERIOD, e.phase());
        assertEquals(root.oldest, e.oldestRequest());
        assertTrue(e.getMessage().contains("root 'r'") && e.getMessage().contains("read of 512"), e.getMessage());
        assertSame(before.graph(), f.now().graph());
        assertSame(before.route("r").plan(), f.now().route("r").plan());
        assertFalse(f.gated("r"));
        assertEquals(HashSet.empty(), f.now().gatedNodes());
        assertEquals(1, root.releases.get());
        assertEquals(Publication.Kind.RELEASE, f.publications.getLast().kind());
        root.end(token);
        f.live.commit(insert, LONG);
        assertEquals("f0:disk,f0", f.plan("r"));
        assertEquals(0, filter.closes.get());
    }

    @Test
    void anIndependentPublicationSurvivesTheCommit() throws Exception {
        f.add("disk");
        f.add("other");
        TestRoot root = f.attach("r", "disk");
        f.attach("s", "other");
        long token = root.begin();
        CompletableFuture<Publication> insert = async(() -> f.live.commit(f.filter("f0", "disk"), LONG));
        until("gated", () -> f.gated("r"));
        f.add("meanwhile");
        f.live.commit(f.filter("f1", "other"), LONG);
        root.end(token);
        get(insert);
        assertNotNull(f.now().graph().find("meanwhile"));
        assertEquals("f0:disk,f0", f.plan("r"));
        assertEquals("f1:f1,other", f.plan("s"));
    }

    @Test
    void aHungRootDelaysNoOtherRootsChange() {
        f.add("a");
        f.add("b");
        f.attach("ra", "a");
        TestRoot hung = f.attach("rb", "b");
        long token = hung.begin();
        f.live.commit(f.filter("fa", "a"), LONG);
        assertEquals("fa:a,fa", f.plan("ra"));
        assertEquals(0, hung.releases.get());
        assertThrows(DrainTimeoutException.class, () -> f.live.commit(f.filter("fb", "b"), SHORT));
        hung.end(token);
    }

    @Test
    void aRootAttachedMeanwhileInheritsTheGateAndIsReleased() throws Exception {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long token = root.begin();
        CompletableFuture<Publication> insert = async(() -> f.live.commit(f.filter("f0", "disk"), LONG));
        until("gated", () -> f.gated("r"));
        f.add("top", Edge.filtered("disk"));
        TestRoot late = f.attach("s", "top");
        assertTrue(f.gated("s"));
        TestRoot gone = f.attach("t", "disk");
        f.live.commit(new DetachRoot("t"), LONG);
        assertEquals(1, gone.detaches.get());
        root.end(token);
        get(insert);
        assertFalse(f.gated("s"));
        assertEquals("top:disk,f0,top", f.plan("s"));
        assertEquals(1, late.releases.get());
        assertEquals(0, gone.releases.get());
    }

    @Test
    void overlappingDrainsExcludeEachOtherAndBothFinish() throws Exception {
        f.add("base");
        f.add("a", Edge.backing("base"));
        f.add("b", Edge.backing("base"));
        TestRoot ra = f.attach("ra", "a");
        TestRoot rb = f.attach("rb", "b");
        Drain<String> drain = f.live.drain(List.of("a"), LONG);
        assertTrue(f.gated("ra") && !f.gated("rb"));
        CompletableFuture<Publication> other = async(() -> f.live.commit(f.filter("f0", "base"), LONG));
        DrainTimeoutException e =
                assertThrows(DrainTimeoutException.class, () -> f.live.commit(f.filter("f1", "base"), SHORT));
        assertEquals(DrainTimeoutException.Phase.GATE, e.phase());
        assertTrue(e.getMessage().contains("'a'") && e.getMessage().contains("drain node 'a'"), e.getMessage());
        assertThrows(DrainTimeoutException.class, () -> f.live.drain(List.of("base"), SHORT));
        assertThrows(DrainTimeoutException.class, () -> f.live.commit(StraddlingCommitTest.touch("a"), SHORT));
        assertFalse(f.gated("rb"), "waits for a gate while it holds one");
        assertFalse(other.isDone());
        drain.commit(f.filter("f2", "a"));
        get(other);
        assertEquals("f2:a,base,f0,f2", f.plan("ra"));
        assertEquals("b:b,base,f0", f.plan("rb"));
        assertTrue(ra.releases.get() >= 2 && rb.releases.get() >= 1);
        assertEquals(HashSet.empty(), f.now().gatedNodes());
    }

    @Test
    void aDrainClosedWithoutACommitChangesNothing() {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        BlockGraph before = f.now().graph();
        Drain<String> drain = f.live.drain(HashSet.of("disk"), LONG);
        assertTrue(f.gated("r"));
        drain.close();
        drain.close();
        assertFalse(f.gated("r"));
        assertSame(before, f.now().graph());
        assertEquals(1, root.releases.get());
        assertThrows(IllegalStateException.class, () -> drain.commit(AddNodes.of()));
        assertThrows(GraphException.class, () -> f.live.drain(List.of("gone"), LONG));
        assertEquals(HashSet.empty(), f.now().gatedNodes());
    }

    @Test
    void aRefusedCommitLeavesTheDrain() {
        f.add("disk");
        f.attach("r", "disk");
        try (Drain<String> drain = f.live.drain(List.of("disk"), LONG)) {
            assertThrows(GraphException.class, () -> drain.commit(new DropFilter("disk")));
            assertTrue(f.gated("r"));
            drain.commit(f.filter("f0", "disk"));
            assertFalse(f.gated("r"));
        }
        assertEquals("f0:disk,f0", f.plan("r"));
    }

    @Test
    void aCommitBeyondTheDrainGatesTheRestOrIsRefused() {
        f.add("a");
        f.add("b");
        f.attach("ra", "a");
        TestRoot rb = f.attach("rb", "b");
        try (Drain<String> drain = f.live.drain(List.of("a"), SHORT)) {
            try (Drain<String> other = f.live.drain(List.of("b"), LONG)) {
                GraphException e = assertThrows(GraphException.class, () -> drain.commit(f.filter("f0", "b")));
                assertTrue(e.getMessage().contains("'b'"), e.getMessage());
                assertThrows(GraphException.class, () -> other.commit(f.filter("f0", "a")));
                assertTrue(f.gated("ra") && f.gated("rb"), "both drains stay");
            }
            long token = rb.begin();
            assertThrows(DrainTimeoutException.class, () -> drain.commit(f.filter("f0", "b")));
            rb.end(token);
            drain.commit(f.filter("f0", "b"));
        }
        assertEquals("f0:b,f0", f.plan("rb"));
        assertFalse(f.gated("ra") || f.gated("rb"));
    }

    @Test
    void flushInFlightWaitsAndKeepsNobodyOut() throws Exception {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long token = root.begin();
        long number = f.now().number();
        assertThrows(DrainTimeoutException.class, () -> f.live.flushInFlight(List.of("disk"), SHORT));
        CompletableFuture<Object> wait = async(() -> {
            f.live.flushInFlight(List.of("disk"), LONG);
            return null;
        });
        assertFalse(wait.isDone());
        assertEquals(number, f.now().number());
        root.end(token);
        get(wait);
        assertThrows(GraphException.class, () -> f.live.flushInFlight(List.of("gone"), LONG));
    }

    @Test
    void whatLeavesTheFlushSetIsFlushedBeforeTheGateAndUnderIt() {
        TestNode file = f.add("file");
        TestNode base = f.add("base", Edge.image("file"));
        f.add("overlay");
        f.attach("r", "base");
        StringBuilder gates = new StringBuilder();
        base.onFlush = () -> gates.append(f.gated("r") ? 'g' : 'o');
        f.live.commit(new AppendOverlay("base", "overlay"), LONG);
        assertEquals("og", gates.toString());
        assertEquals(List.of("flush base", "flush file", "flush base", "flush file"), f.log);
        assertEquals(2, file.flushes.get());
        assertEquals("overlay:base,file,overlay", f.plan("r"));
    }

    @Test
    void aReadOnlyBaseIsNotFlushed() {
        TestNode state = new TestNode("base");
        state.readOnly = true;
        f.live.commit(AddNodes.of(BlockNode.of("base", "raw", state)), LONG);
        f.add("overlay");
        f.live.commit(new AttachRoot(new GraphRoot("r", "base", false, new TestRoot("r"))), LONG);
        f.live.commit(new AppendOverlay("base", "overlay"), LONG);
        assertEquals(0, state.flushes.get());
    }

    @Test
    void aFailedFlushAbortsBeforeTheGateAndUnderIt() {
        TestNode base = f.add("base");
        f.add("overlay");
        TestRoot root = f.attach("r", "base");
        Version<String> before = f.now();
        base.failFlush = true;
        GraphException e =
                assertThrows(GraphException.class, () -> f.live.commit(new AppendOverlay("base", "overlay"), LONG));
        assertTrue(e.getMessage().contains("'base'") && e.getMessage().contains("no space left"), e.getMessage());
        assertSame(before, f.now());
        base.failFlush = false;
        base.onFlush = () -> base.failFlush = f.gated("r");
        assertThrows(GraphException.class, () -> f.live.commit(new AppendOverlay("base", "overlay"), LONG));
        assertSame(before.graph(), f.now().graph());
        assertFalse(f.gated("r"));
        assertEquals(1, root.releases.get());
    }

    @Test
    void aFlushThatHangsMissesTheDeadlineAndKeepsItsNodeOpen() {
        TestNode base = f.add("base");
        f.add("overlay");
        f.attach("r", "base");
        CountDownLatch hang = new CountDownLatch(1);
        base.hangFlush = hang;
        DrainTimeoutException e = assertThrows(
                DrainTimeoutException.class, () -> f.live.commit(new AppendOverlay("base", "overlay"), SHORT));
        assertEquals(DrainTimeoutException.Phase.FLUSH, e.phase());
        assertTrue(e.getMessage().contains("'base'"), e.getMessage());
        assertNull(e.oldestRequest());
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("base"), LONG);
        assertFalse(f.live.awaitClosed(SHORT));
        assertEquals(0, base.closes.get());
        hang.countDown();
        assertTrue(f.live.awaitClosed(LONG));
        assertEquals(1, base.closes.get());
    }
}
