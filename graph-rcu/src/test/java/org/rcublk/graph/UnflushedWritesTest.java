// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;
import static org.rcublk.graph.Conditions.until;

import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Writes that no later flush would reach are flushed by the change that puts them out of reach (hazard H19, guarantee K). */
class UnflushedWritesTest {
    private final LiveFixture f = new LiveFixture();

    private void writeAndDetach(String node) {
        TestRoot writer = f.attach("writer", node);
        writer.end(writer.begin());
        f.live.commit(new DetachRoot("writer"), LONG);
    }

    /** A read-only node is not flushed when it is closed, whoever wrote to it before. */
    @Test
    void ofANodeThatBecomesReadOnlyWithoutARoot() {
        TestNode disk = f.add("disk");
        writeAndDetach("disk");
        f.live.commit(PermissionTest.reopen("disk", true), LONG);
        assertTrue(disk.flushes.get() > 0);
    }

    @Test
    void ofANodeThatComesBelowABackingNode() {
        f.add("a");
        TestNode b = f.add("b");
        f.add("base", Edge.of("file", "a", ChildRole.DATA));
        f.add("ov", Edge.backing("base"));
        f.attach("r", "ov");
        writeAndDetach("b");
        f.live.commit(new SetChild("base", "file", "b"), LONG);
        assertEquals("ov:b,base,ov", f.plan("r"));
        assertTrue(b.flushes.get() > 0);
    }

    @Test
    void ofANodeThatIsAddedBelowABackingNode() {
        f.add("a");
        TestNode b = f.add("b");
        f.add("q", Edge.of("c0", "a", ChildRole.DATA));
        f.add("flt", Edge.filtered("q"));
        f.add("ov", Edge.backing("flt"));
        f.attach("r", "ov");
        writeAndDetach("b");
        f.live.commit(new AddChild("q", Edge.of("c1", "b", ChildRole.DATA)), LONG);
        assertTrue(b.flushes.get() > 0);
    }

    @Test
    void thatAreStillInFlightAreWaitedFor() {
        f.add("a");
        f.add("b");
        f.add("base", Edge.of("file", "a", ChildRole.DATA));
        f.add("ov", Edge.backing("base"));
        f.attach("r", "ov");
        TestRoot writer = f.attach("writer", "b");
        long write = writer.begin();
        f.live.commit(new DetachRoot("writer"), LONG);
        SetChild change = new SetChild("base", "file", "b");
        assertThrows(DrainTimeoutException.class, () -> f.live.commit(change, SHORT));
        writer.end(write);
        f.live.commit(change, LONG);
    }

    /** The root stays where it is, but its flushes go nowhere any more that it could have written to. */
    @Test
    void ofARootThatBecomesReadOnly() {
        TestNode disk = f.add("disk");
        TestRoot root = f.attach("r", "disk");
        root.end(root.begin());
        f.live.commit(new SetGrant("r", Grant.export(false)), LONG);
        assertTrue(disk.flushes.get() > 0);
        int flushes = disk.flushes.get();
        f.live.commit(new SetGrant("r", Grant.export(true)), LONG);
        assertEquals(flushes, disk.flushes.get(), "nothing was written meanwhile");
    }

    @Test
    void ofAWriterThatComesAndStaysAsAReaderWhileAnOverlayIsAdded() {
        TestNode base = f.add("base", Edge.of("file", addedSecond(), ChildRole.DATA));
        AtomicBoolean once = new AtomicBoolean();
        AtomicInteger before = new AtomicInteger(-1);
        second.onFlush = () -> {
            if (once.compareAndSet(false, true)) {
                TestRoot r = f.attach("r", "base");
                r.end(r.begin());
                before.set(base.flushes.get());
                f.live.commit(new SetGrant("r", Grant.export(false)), LONG);
            }
        };
        f.add("ov", Edge.backing("base"));
        assertTrue(once.get());
        assertTrue(base.flushes.get() > before.get(), "written after the first flush");
    }

    private TestNode second;

    private String addedSecond() {
        second = f.add("second");
        return "second";
    }

    /** What a description owns is not closed by a reopen while a flush may still use it. */
    @Test
    void byADescriptionThatIsReplacedMeanwhile() {
        class Own implements NodeSettings {
            volatile boolean closed;

            @Override
            public void close() {
                closed = true;
            }
        }
        Own first = new Own();
        AtomicReference<String> wrong = new AtomicReference<>();
        TestNode low = new TestNode("low") {
            @Override
            public NodeSettings settings() {
                return first;
            }

            @Override
            public void flush(BlockNode self) throws IOException {
                if (self.settings() instanceof Own own && own.closed) {
                    wrong.set("flushed by settings that are closed");
                }
            }
        };
        f.live.commit(AddNodes.of(BlockNode.of("low", "raw", low)), LONG);
        TestNode base = f.add("base", Edge.of("file", "low", ChildRole.DATA));
        AtomicBoolean once = new AtomicBoolean();
        base.onFlush = () -> {
            if (once.compareAndSet(false, true)) {
                Reopen.Reopened others = new Reopen.Reopened("low", HashMap.empty(), new Own(), false);
                f.live.commit(new Reopen(List.of(others)), LONG);
                assertFalse(first.closed);
            }
        };
        f.add("ov", Edge.backing("base"));
        assertNull(wrong.get());
        until("closed when nobody flushes by it any more", () -> first.closed);
    }
}
