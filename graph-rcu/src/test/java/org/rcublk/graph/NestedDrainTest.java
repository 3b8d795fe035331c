// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drains within drains, and changes that keep them. */
class NestedDrainTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final LiveFixture f = new LiveFixture();
    private TestRoot a;
    private TestRoot b;

    @BeforeEach
    void build() {
        f.add("da");
        f.add("db");
        a = f.attach("a", "da");
        b = f.attach("b", "db");
    }

    @ParameterizedTest
    @CsvSource({"da,da,true", "da,da,false", "da,db,true", "da,db,false", "db,da,true", "db,da,false"})
    void aNodeIsGatedUntilItsLastDrainEnds(String outer, String inner, boolean innerFirst) {
        Drain<String> one = f.live.drain(List.of(outer), LONG);
        Drain<String> two = one.drain(List.of(inner));
        assertEquals(HashSet.of(outer, inner), f.now().gatedNodes());
        (innerFirst ? two : one).close();
        assertEquals(HashSet.of(innerFirst ? outer : inner), f.now().gatedNodes());
        assertTrue(f.gated(innerFirst == outer.equals("da") || outer.equals(inner) ? "a" : "b"));
        (innerFirst ? one : two).close();
        assertEquals(HashSet.empty(), f.now().gatedNodes());
        assertFalse(f.gated("a") || f.gated("b"));
        assertEquals(outer.equals("da") || inner.equals("da") ? 1 : 0, a.releases.get());
        assertEquals(outer.equals("db") || inner.equals("db") ? 1 : 0, b.releases.get());
    }

    @Test
    void aNestedDrainThatIsLateLeavesTheOuterOne() {
        long token = b.begin();
        try (Drain<String> outer = f.live.drain(List.of("da"), SHORT)) {
            assertThrows(DrainTimeoutException.class, () -> outer.drain(List.of("db")));
            assertEquals(HashSet.of("da"), f.now().gatedNodes());
            assertEquals(1, b.releases.get());
            b.end(token);
            outer.drain(List.of("db")).close();
            assertEquals(HashSet.of("da"), f.now().gatedNodes());
        }
        assertEquals(1, a.releases.get());
    }

    @Test
    void aChangeUnderADrainKeepsItAndANewRootInheritsIt() {
        f.add("ov");
        try (Drain<String> drain = f.live.drain(List.of("da"), LONG)) {
            drain.change(new AppendOverlay("da", "ov"));
            assertEquals("ov", f.now().graph().root("a").node());
            assertTrue(f.gated("a"), "the base below the overlay is still drained");
            TestRoot late = f.attach("late", "ov");
            assertTrue(f.gated("late"));
            assertEquals(0, a.releases.get() + late.releases.get());
            drain.change(f.filter("flt", "ov"));
            assertEquals(HashSet.of("da"), f.now().gatedNodes(), "what the change gated beside is open again");
        }
        assertFalse(f.gated("a") || f.gated("late"));
    }

    @Test
    void aChangeThatFailsKeepsNoGateBeyondTheDrain() {
        long token = b.begin();
        try (Drain<String> drain = f.live.drain(List.of("da"), SHORT)) {
            assertThrows(
                    DrainTimeoutException.class,
                    () -> drain.commit(Changes.of(f.filter("x", "da"), f.filter("y", "db"))));
            assertEquals(HashSet.of("da"), f.now().gatedNodes());
            assertFalse(f.gated("b"));
            long version = f.now().number();
            assertThrows(GraphException.class, () -> drain.change(new DropFilter("gone")));
            assertEquals(version, f.now().number(), "nothing was gated, so nothing is released");
            b.end(token);
            drain.commit(Changes.of(f.filter("x", "da"), f.filter("y", "db")));
        }
        assertEquals("y:db,y", f.plan("b"));
    }

    @Test
    void aRootThatANestedDrainLetInIsWaitedForByTheNext() {
        try (Drain<String> outer = f.live.drain(List.of("da"), SHORT)) {
            outer.drain(List.of("db")).close();
            long token = b.begin(); // let in again: that it was drained once says nothing any more
            assertThrows(DrainTimeoutException.class, () -> outer.drain(List.of("db")));
            b.end(token);
            outer.drain(List.of("db")).close();
        }
    }

    @Test
    void aNestedCommitKeepsTheOuterGates() {
        try (Drain<String> outer = f.live.drain(List.of("da"), LONG)) {
            Drain<String> inner = outer.drain(List.of("db"));
            inner.commit(f.filter("flt", "db"));
            assertEquals(HashSet.of("da"), f.now().gatedNodes());
            assertFalse(f.gated("b"));
            assertThrows(IllegalStateException.class, () -> inner.commit(new DropFilter("flt")));
            inner.close();
        }
        assertEquals(HashSet.empty(), f.now().gatedNodes());
    }

    @Test
    void noGateStaysOnANameWhoseNodeHasGone() {
        f.live.commit(f.filter("flt", "da"), LONG);
        try (Drain<String> drain = f.live.drain(List.of("flt", "da"), LONG)) {
            drain.change(new DropFilter("flt"));
            assertEquals(HashSet.of("da"), f.now().gatedNodes());
            f.add("flt");
            f.attach("r", "flt");
            assertFalse(f.gated("r"), "another node of that name has nothing to do with the drain");
        }
        assertNull(f.now().graph().node("flt").child(ChildRole.FILTERED));
    }

    @Test
    void aSecondNestWaitsForTheFirst() {
        try (Drain<String> first = f.live.drain(List.of("da"), LONG)) {
            assertThrows(DrainTimeoutException.class, () -> f.live.drain(List.of("da", "db"), SHORT));
            try (Drain<String> other = f.live.drain(List.of("db"), SHORT)) {
                assertThrows(GraphException.class, () -> other.drain(List.of("da")));
                assertEquals(HashSet.of("da", "db"), f.now().gatedNodes());
            }
            first.drain(List.of("db")).close();
        }
        try (Drain<String> again = f.live.drain(List.of("da", "db"), LONG)) {
            assertTrue(f.gated("a") && f.gated("b"));
            again.drain(List.of()).close();
        }
    }
}
