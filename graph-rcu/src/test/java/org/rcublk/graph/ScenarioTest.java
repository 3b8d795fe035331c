// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.BlockGraphTest.node;
import static org.rcublk.graph.BlockGraphTest.refused;
import static org.rcublk.graph.BlockGraphTest.root;
import static org.rcublk.graph.Conditions.until;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Situations that block layers have been caught out by, re-created for ours; see docs/hazards.md. */
class ScenarioTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LiveFixture f = new LiveFixture();

    @Test
    void aDrainReachesUpAndNotDown() {
        f.add("base");
        f.add("ov", Edge.backing("base"));
        f.live.commit(new AttachRoot(root("below", "base", false)), LONG);
        TestRoot above = f.attach("above", "ov");
        long token = f.now().graph().root("below").state().domain().downRead();
        Drain<String> drain = f.live.drain(List.of("ov"), LONG);
        assertTrue(f.gated("above"));
        assertFalse(f.gated("below"), "what is below is not drained, and its requests were not waited for");
        drain.close();
        f.now().graph().root("below").state().domain().upRead(token);
        assertEquals(1, above.releases.get());
    }

    @Test
    void driversAreToldOnceForEachGateWhetherRequestsRunOrNot() {
        TestNode disk = f.add("disk");
        TestNode top = f.add("top", Edge.of("file", "disk", ChildRole.DATA));
        TestRoot root = f.attach("r", "top");
        long token = root.begin();
        CompletableFuture<Publication> change =
                CompletableFuture.supplyAsync(() -> f.live.commit(f.filter("x", "disk"), LONG));
        until("the gate is told", () -> disk.gates.get() == 1 && top.gates.get() == 1);
        root.end(token);
        change.join();
        try (Drain<String> outer = f.live.drain(List.of("disk"), LONG)) {
            outer.drain(List.of("top")).close();
            assertEquals(2, disk.gates.get(), "a root that is gated already is not gated again");
        }
        f.live.drain(List.of("disk"), LONG).close(); // without traffic, and twice in quick succession
        f.live.drain(List.of("disk"), LONG).close();
        assertEquals(4, disk.gates.get());
        assertEquals(4, root.releases.get());
        assertFalse(f.gated("r"));
    }

    @Test
    void nodesComeAndGoWhileAllIsDrained() {
        f.add("a");
        f.add("b");
        f.attach("ra", "a");
        f.attach("rb", "b");
        try (Drain<String> all = f.live.drain(List.of("a", "b"), LONG)) {
            TestNode added = f.add("c");
            f.attach("rc", "c");
            assertFalse(f.gated("rc"), "it has nothing to do with what is drained");
            f.live.commit(new DetachRoot("rc"), LONG);
            f.live.commit(new RemoveNode("c"), LONG);
            f.allClosed();
            assertEquals(1, added.closes.get());
            all.change(new DetachRoot("rb"));
            all.change(new RemoveNode("b"));
            assertEquals(HashSet.of("a"), f.now().gatedNodes());
        }
        assertEquals(HashSet.empty(), f.now().gatedNodes());
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void aChildIsReplacedWhileOneOrTheOtherIsDrained(boolean oldDrained, boolean newDrained) {
        f.add("old");
        f.add("new");
        f.add("parent", Edge.backing("old"));
        TestRoot root = f.attach("r", "parent");
        HashSet<String> nodes = HashSet.<String>empty();
        nodes = oldDrained ? nodes.add("old") : nodes;
        nodes = newDrained ? nodes.add("new") : nodes;
        try (Drain<String> drain = f.live.drain(nodes, LONG)) {
            assertEquals(oldDrained, f.gated("r"));
            drain.change(new SetBacking("parent", "new"));
            assertEquals(newDrained, f.gated("r"), "gated exactly as long as it reaches what is drained");
            assertEquals("parent:new,parent", f.plan("r"));
            assertEquals(newDrained ? 0 : 1, root.releases.get());
        }
        assertFalse(f.gated("r"));
        assertEquals(1, root.releases.get());
    }

    @Test
    void aParentThatGoesWhileItsChildIsDrained() throws Exception {
        f.add("child");
        TestNode parent = f.add("parent", Edge.filtered("child"));
        TestRoot root = f.attach("r", "parent");
        f.attach("s", "child");
        long token = root.begin();
        CompletableFuture<Drain<String>> draining =
                CompletableFuture.supplyAsync(() -> f.live.drain(List.of("child"), LONG));
        until("gated", () -> f.gated("r"));
        f.live.commit(new DetachRoot("r"), LONG); // by whoever finds that the disk is gone
        f.live.commit(new RemoveNode("parent"), LONG);
        assertNull(f.now().route("r"));
        assertFalse(draining.isDone(), "its request is still waited for");
        assertEquals(0, parent.closes.get());
        root.end(token);
        Drain<String> drain = draining.get(30, TimeUnit.SECONDS);
        assertTrue(f.gated("s"));
        f.allClosed();
        assertEquals(1, parent.closes.get());
        drain.close();
        assertFalse(f.gated("s"));
    }

    @Test
    void aHookThatChangesTheGraphIsRefusedAndAnotherThreadIsNot() throws Exception {
        f.add("disk");
        f.add("other");
        TestRoot root = f.attach("r", "disk");
        AtomicReference<RuntimeException> refusal = new AtomicReference<>();
        try (ExecutorService elsewhere = Executors.newSingleThreadExecutor()) {
            AtomicReference<CompletableFuture<Publication>> handed = new AtomicReference<>();
            root.onRelease = () -> {
                handed.set(CompletableFuture.supplyAsync(() -> f.live.commit(f.filter("y", "other"), LONG), elsewhere));
                try {
                    f.live.commit(f.filter("z", "other"), LONG);
                } catch (IllegalStateException e) {
                    refusal.set(e);
                }
            };
            f.live.commit(f.filter("x", "disk"), LONG);
            assertTrue(refusal.get().getMessage().contains("release hook of root 'r'"), refusal.toString());
            handed.get().get(30, TimeUnit.SECONDS);
        }
        assertEquals("y", f.now().graph().parents("other").head());
        assertNull(f.now().graph().find("z"));
        f.live.commit(f.filter("z", "other"), LONG); // the thread itself is free again
    }

    @Test
    void anOverlayThatWouldMakeTwoExclusiveWritersIsRefused() {
        // Both overlays want the file that holds their clusters for themselves.
        f.add("file");
        f.add("base");
        f.add("one", Edge.image("file"), Edge.backing("base"));
        f.attach("r", "one");
        refused(
                () -> f.live.commit(AddNodes.of(node("two", Edge.image("file"))), LONG),
                "node 'two'",
                "node 'one'",
                "'file'",
                "write");
        f.add("two");
        refused(
                () -> f.live.commit(
                        Changes.of(new AddChild("two", Edge.image("file")), new AppendOverlay("base", "two")), LONG),
                "'file'");
        assertEquals("base", f.now().graph().node("one").child(ChildRole.COW).child());
    }

    @Test
    void aFilterOnAnExclusiveWritersPathIsReplaced() {
        f.add("disk");
        f.live.commit(new AttachRoot(PermissionTest.device("r", "disk", true)), LONG);
        f.live.commit(f.filter("f1", "disk"), LONG);
        BlockNode second = BlockNode.filter("f2", "passthrough", new TestNode("f2"), "disk");
        f.live.commit(Changes.of(AddNodes.of(second), new ReplaceNode("f1", "f2"), new RemoveNode("f1")), LONG);
        assertEquals("f2:disk,f2", f.plan("r"));
        assertEquals(Grant.device(true), f.now().graph().grantOn("disk"));
        refused(
                () -> f.live.commit(new AttachRoot(PermissionTest.device("s", "disk", true)), LONG),
                "root 's'",
                "node 'f2'");
    }

    @Test
    void oneRequestThatHangsKeepsOnlyItsOwnDiskFromChanging() {
        f.add("a");
        f.add("b");
        TestRoot hung = f.attach("ra", "a");
        TestRoot other = f.attach("rb", "b");
        long token = hung.begin();
        long periods = other.domain().lastGracePeriodNanos();
        DrainTimeoutException late = org.junit.jupiter.api.Assertions.assertThrows(
                DrainTimeoutException.class, () -> f.live.commit(f.filter("fa", "a"), Duration.ofMillis(20)));
        assertTrue(late.getMessage().contains("root 'ra'"), late.getMessage());
        assertEquals(0, other.releases.get());
        assertEquals(periods, other.domain().lastGracePeriodNanos(), "nobody waited for requests of the other disk");
        f.live.commit(f.filter("fb", "b"), LONG);
        assertEquals("fb:b,fb", f.plan("rb"));
        hung.end(token);
    }
}
