// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;
import static org.rcublk.graph.Conditions.until;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Retired nodes are closed exactly once, and only after whoever could reach them (guarantee C). */
class RetireTest {
    private final LiveFixture f = new LiveFixture();

    @Test
    void aNodeThatNobodyEverReachedClosesAtOnce() {
        TestNode disk = f.add("disk");
        f.live.commit(new RemoveNode("disk"), LONG);
        f.allClosed();
        assertEquals(1, disk.closes.get());
        assertEquals(1, disk.flushes.get(), "flushed before it is closed");
        assertTrue(disk.isClosed());
    }

    @Test
    void aDroppedFilterStaysOpenForRequestsThatEnteredBeforeTheDrop() {
        f.add("disk");
        TestRoot root = f.attach("r", "disk");
        f.live.commit(f.filter("f0", "disk"), LONG);
        TestNode filter = (TestNode) f.now().graph().node("f0").state();
        f.live.commit(new DropFilter("f0"), LONG);
        f.allClosed();
        assertEquals(1, filter.closes.get());
        assertEquals(0, root.retiredNotClosed());
    }

    @Test
    void anOpenRequestOfADetachedRootKeepsTheNodeOpen() {
        TestNode disk = f.add("disk");
        TestRoot root = f.attach("r", "disk");
        long token = root.begin();
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        assertFalse(f.live.awaitClosed(SHORT));
        assertEquals(0, disk.closes.get());
        assertEquals(1, root.retiredNotClosed());
        assertEquals(1, f.live.retiredNotClosed());
        root.end(token);
        f.allClosed();
        assertEquals(1, disk.closes.get());
        assertEquals(0, root.retiredNotClosed());
    }

    @Test
    void aRootThatLeftLongAgoIsNotForgotten() {
        TestNode disk = f.add("disk");
        TestRoot first = f.attach("r", "disk");
        long token = first.begin();
        f.live.commit(new DetachRoot("r"), LONG);
        TestRoot second = f.attach("r", "disk");
        f.live.commit(StraddlingCommitTest.touch("disk"), LONG); // a draining change would wait for the first
        f.live.commit(StraddlingCommitTest.touch("disk"), LONG);
        f.live.commit(new DetachRoot("r"), LONG);
        until("second root is covered", () -> second.liveVersions() == 1);
        f.live.commit(new RemoveNode("disk"), LONG);
        assertFalse(f.live.awaitClosed(SHORT));
        assertEquals(0, disk.closes.get());
        assertEquals(0, second.retiredNotClosed());
        first.end(token);
        f.allClosed();
        assertEquals(1, disk.closes.get());
    }

    @Test
    void theLastOfTwoRootsDecides() {
        TestNode disk = f.add("disk");
        TestRoot one = f.attach("r", "disk");
        TestRoot two = f.attach("s", "disk");
        long first = one.begin();
        long second = two.begin();
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new DetachRoot("s"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        one.end(first);
        until("one is covered", () -> one.liveVersions() == 1);
        assertFalse(f.live.awaitClosed(SHORT));
        assertEquals(0, disk.closes.get());
        two.end(second);
        f.allClosed();
        assertEquals(1, disk.closes.get());
    }

    @Test
    void aNewRequestOfAnotherRootDoesNotKeepItOpen() {
        TestNode disk = f.add("disk");
        f.add("other");
        f.attach("r", "disk");
        TestRoot other = f.attach("s", "other");
        long token = other.begin();
        f.live.commit(new DetachRoot("r"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        f.allClosed();
        assertEquals(1, disk.closes.get());
        other.end(token);
    }

    @Test
    void parentsCloseBeforeTheirChildrenWhateverTheyWaitFor() {
        f.add("file");
        TestNode image = f.add("image", Edge.image("file"));
        CountDownLatch hang = new CountDownLatch(1);
        image.hangClose = hang;
        f.live.commit(new RemoveNode("image"), LONG);
        f.live.commit(new RemoveNode("file"), LONG);
        assertFalse(f.live.awaitClosed(SHORT));
        assertFalse(f.log.contains("close file"));
        hang.countDown();
        f.allClosed();
        assertEquals(List.of("flush image", "close image", "flush file", "close file"), f.log);
    }

    @Test
    void implicitChildrenAreClosedToo() {
        TestNode file = new TestNode("file", f.log);
        f.live.commit(
                AddNodes.of(
                        BlockNode.of("image", "raw", new TestNode("image", f.log), Edge.image("#file")),
                        new BlockNode(
                                "#file",
                                "file",
                                io.vavr.collection.HashMap.empty(),
                                io.vavr.collection.Vector.empty(),
                                false,
                                true,
                                file)),
                LONG);
        f.live.commit(new RemoveNode("image"), LONG);
        f.allClosed();
        assertEquals(List.of("flush image", "close image", "flush file", "close file"), f.log);
    }

    @Test
    void aHungCloseDelaysNoOther() {
        TestNode hung = f.add("hung");
        TestNode disk = f.add("disk");
        CountDownLatch hang = new CountDownLatch(1);
        hung.hangClose = hang;
        f.live.commit(new RemoveNode("hung"), LONG);
        f.live.commit(new RemoveNode("disk"), LONG);
        until("disk is closed", () -> disk.isClosed());
        assertFalse(hung.isClosed());
        hang.countDown();
        f.allClosed();
    }

    @Test
    void failuresAreLoggedAndTheNodeCountsAsClosed() {
        TestNode disk = f.add("disk");
        disk.failFlush = true;
        disk.failClose = true;
        f.live.commit(new RemoveNode("disk"), LONG);
        f.allClosed();
        assertEquals(1, disk.closes.get());
        assertTrue(disk.isClosed());
    }
}
