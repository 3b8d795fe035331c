// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Drains that end in the wrong place, roots that replace each other, chains that somebody needs, sizes that must stay. */
class ComingAndGoingTest {
    private final LiveFixture f = new LiveFixture();

    @Test
    void aDrainThatIsClosedInAHookStaysAndIsClosedLater() {
        f.add("a");
        f.add("b");
        f.attach("ra", "a");
        TestRoot rb = f.attach("rb", "b");
        Drain<String> drain = f.live.drain(List.of("a"), LONG);
        AtomicReference<Throwable> refused = new AtomicReference<>();
        rb.onRelease = () -> refused.set(assertThrows(IllegalStateException.class, drain::close));
        f.live.commit(f.filter("x", "b"), LONG);
        assertTrue(
                refused.get().getMessage().contains("Drain.close"),
                refused.get().getMessage());
        assertTrue(f.gated("ra"));
        GraphListener listener = publication -> assertThrows(IllegalStateException.class, drain::close);
        f.live.addListener(listener);
        f.add("c");
        f.live.removeListener(listener);
        drain.close();
        assertFalse(f.gated("ra"));
    }

    @Test
    void aRootThatAnotherReplacesUnderItsIdIsCovered() {
        f.add("disk");
        TestRoot old = f.attach("r", "disk");
        TestRoot now = new TestRoot("r");
        f.live.commit(Changes.of(new DetachRoot("r"), new AttachRoot(new GraphRoot("r", "disk", true, now))), LONG);
        assertEquals(1, old.detaches.get());
        assertTrue(f.now().departed(List.of("disk")).isEmpty());
    }

    @Test
    void aRootThatIsAttachedInAListInheritsAGate() {
        f.add("disk");
        try (Drain<String> _ = f.live.drain(List.of("disk"), LONG)) {
            AddNodes add = AddNodes.of(BlockNode.of("z", "raw", new TestNode("z")));
            AttachRoot attach = new AttachRoot(new GraphRoot("r", "disk", true, new TestRoot("r")));
            f.live.commit(Changes.of(add, attach), SHORT);
            assertTrue(f.gated("r"));
            f.live.commit(new DetachRoot("r"), SHORT);
        }
    }

    @Test
    void nobodyThawsWhatAnotherFroze() {
        f.add("base");
        f.add("mid", Edge.backing("base"));
        f.live.commit(new Freeze("mid", "base", "job 'j0'"), LONG);
        for (String by : List.of("job 'j1'", "")) {
            GraphException e =
                    assertThrows(GraphException.class, () -> f.live.commit(new Thaw("mid", "base", by), LONG));
            assertTrue(e.getMessage().contains("frozen by job 'j0'"), e.getMessage());
        }
        f.live.commit(new Thaw("mid", "base", "job 'j0'"), LONG);
        assertNull(f.now().graph().node("mid").child(ChildRole.COW).frozenBy());
        assertThrows(GraphException.class, () -> f.live.commit(new Thaw("mid", "base", "job 'j0'"), LONG));
    }

    @Test
    void theChildOfADroppedFilterStaysThoughItWasDescribedInline() {
        BlockNode inline =
                new BlockNode("disk", "raw", HashMap.empty(), Vector.empty(), false, true, new TestNode("disk"));
        f.live.commit(AddNodes.of(inline, BlockNode.filter("flt", "x", new TestNode("flt"), "disk")), LONG);
        f.live.commit(new DropFilter("flt"), LONG);
        assertNotNull(f.now().graph().find("disk"));
        assertNull(f.now().graph().find("flt"));
    }

    /** Plans whose size is the number in their node's name. */
    private static final class Sized implements PlanFactory<String> {
        @Override
        public String compile(GraphRoot root, BlockGraph graph) {
            return root.node();
        }

        @Override
        public long size(String plan) {
            return Long.parseLong(plan.substring(1));
        }
    }

    @Test
    void noChangeGivesARootAnotherSizeThatKeepsItsSizeToItself() {
        LiveGraph<String> live = new LiveGraph<>(new Sized());
        for (String name : List.of("n64", "m64", "n32")) {
            live.commit(AddNodes.of(BlockNode.of(name, "raw", new TestNode(name))), LONG);
        }
        live.commit(new AttachRoot(new GraphRoot("r", "n64", true, new TestRoot("r"))), LONG);
        GraphException e = assertThrows(GraphException.class, () -> live.commit(new ReplaceNode("n64", "n32"), LONG));
        assertTrue(e.getMessage().contains("32 bytes instead of 64"), e.getMessage());
        assertFalse(live.current().route("r").gated());
        live.commit(new ReplaceNode("n64", "m64"), LONG);
        live.commit(new SetGrant("r", new Grant(Grant.export(true).used(), Permissions.ALL)), LONG);
        live.commit(new ReplaceNode("m64", "n32"), Duration.ofSeconds(20));
        assertEquals("n32", live.current().route("r").plan());
    }
}
