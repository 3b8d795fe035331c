// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;
import static org.rcublk.graph.Conditions.async;
import static org.rcublk.graph.Conditions.get;
import static org.rcublk.graph.Conditions.until;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee F for requests of a root that was detached with them in flight. */
class DepartedRootTest {
    private final LiveFixture f = new LiveFixture();
    private final InFlight write = new InFlight("io-1", "gone", "disk", "write", 5_000_000, 0, 512, List.of());
    private TestRoot gone;
    private long token;

    @BeforeEach
    void detachedWithAWriteInFlight() {
        f.add("file");
        f.add("disk", Edge.image("file"));
        gone = f.attach("gone", "disk");
        f.attach("stays", "disk");
        gone.oldest = write;
        token = gone.begin();
        f.live.commit(new DetachRoot("gone"), LONG);
    }

    @Test
    void aDrainWaitsForItAndNamesItsRequest() throws Exception {
        for (String node : List.of("disk", "file")) {
            DrainTimeoutException e =
                    assertThrows(DrainTimeoutException.class, () -> f.live.drain(List.of(node), SHORT));
            assertNamesTheWrite(e);
            assertFalse(f.gated("stays"));
        }
        CompletableFuture<Drain<String>> drain = async(() -> f.live.drain(List.of("disk"), LONG));
        until("gated", () -> f.gated("stays"));
        assertFalse(drain.isDone());
        gone.end(token);
        get(drain).close();
    }

    @Test
    void flushInFlightWaitsForItToo() throws Exception {
        assertNamesTheWrite(
                assertThrows(DrainTimeoutException.class, () -> f.live.flushInFlight(List.of("disk"), SHORT)));
        CompletableFuture<Object> wait = async(() -> {
            f.live.flushInFlight(List.of("disk"), LONG);
            return "waited";
        });
        gone.end(token);
        assertEquals("waited", get(wait));
    }

    @Test
    void aSnapshotWaitsForIt() {
        f.add("overlay");
        AppendOverlay append = new AppendOverlay("disk", "overlay");
        BlockGraph before = f.now().graph();
        assertNamesTheWrite(assertThrows(DrainTimeoutException.class, () -> f.live.commit(append, SHORT)));
        assertSame(before, f.now().graph());
        gone.end(token);
        f.live.commit(append, LONG);
        assertEquals("overlay:disk,file,overlay", f.plan("stays"));
    }

    @Test
    void itDelaysNothingThatItDidNotReach() {
        f.add("other");
        f.attach("s", "other");
        f.live.drain(List.of("other"), LONG).close();
        f.live.flushInFlight(List.of("other"), LONG);
        gone.end(token);
    }

    @Test
    void whatADrainedRootHasLeftIsNoConcernOfItsNewRequests() {
        gone.end(token);
        f.add("before");
        f.add("after");
        TestRoot moved = f.attach("moved", "before");
        AtomicLong early = new AtomicLong();
        moved.onRelease =
                () -> early.set(moved.begin()); // a parked request, before anything else follows the publication
        f.live.commit(new ReplaceNode("before", "after"), LONG);
        f.live.drain(List.of("before"), SHORT).close();
        f.live.flushInFlight(List.of("before"), SHORT);
        f.live.commit(new RemoveNode("before"), SHORT);
        f.allClosed();
        moved.onRelease = () -> {};
        assertThrows(DrainTimeoutException.class, () -> f.live.drain(List.of("after"), SHORT));
        moved.end(early.get());
    }

    @Test
    void aSnapshotWaitsForAWriterBelowWhatItIsLaidOver() {
        gone.end(token);
        TestNode low = f.add("low");
        f.add("window", Edge.filtered("low"));
        f.attach("user", "window");
        TestRoot below = f.attach("below", "low");
        long write = below.begin();
        f.live.commit(new DetachRoot("below"), LONG);
        f.add("ov");
        AppendOverlay append = new AppendOverlay("window", "ov");
        assertThrows(DrainTimeoutException.class, () -> f.live.commit(append, SHORT));
        int flushes = low.flushes.get();
        below.end(write);
        f.live.commit(append, LONG);
        assertTrue(low.flushes.get() > flushes, "what was written below is flushed after it was written");
    }

    private void assertNamesTheWrite(DrainTimeoutException e) {
        assertEquals(DrainTimeoutException.Phase.GRACE_PERIOD, e.phase());
        assertEquals(write, e.oldestRequest());
        assertTrue(e.getMessage().contains("root 'gone'"), e.getMessage());
    }
}
