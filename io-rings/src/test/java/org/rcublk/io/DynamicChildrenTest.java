// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rcublk.graph.AddChild;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveChild;
import org.rcublk.graph.SetBacking;

/** Children that come and go under requests (hazard H13): a request keeps those that it was admitted with. */
class DynamicChildrenTest {
    private static final Duration LONG = TestDisk.LONG;

    private final TestDisk disk = new TestDisk();
    private final ScriptedDriver one = new ScriptedDriver();
    private final ScriptedDriver two = new ScriptedDriver();
    private final List<Request> held = new ArrayList<>();
    private Device mirrored;

    /** Writes to every child that its version has. */
    private static final class Mirror extends BlockDriver {
        @Override
        public String driverName() {
            return "mirror";
        }

        @Override
        public boolean acceptsChildren() {
            return true;
        }

        @Override
        public long size(PlanNode self) {
            return ScriptedDriver.SIZE;
        }

        @Override
        public int submit(PlanNode self, Request request) {
            request.cursor(self.childCount());
            for (int i = 0; i < self.childCount(); i++) {
                Request child = request.fork(self, request.op(), request.offset(), request.length());
                child.attach(request.buffer(), request.bufferOffset());
                child.submitTo(self.child(i));
            }
            return 0;
        }

        @Override
        public void childCompleted(PlanNode self, Request parent, Request child) {
            parent.cursor(parent.cursor() - 1);
            if (parent.cursor() == 0) {
                parent.complete(child.status());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void build() {
        disk.add("one", one);
        disk.add("two", two);
        BlockNode mirror = BlockNode.of("mirror", "mirror", new Mirror(), child("c0", "one"), child("c1", "two"));
        disk.live.commit(AddNodes.of(mirror), LONG);
        mirrored = disk.attach("m", "mirror", true);
    }

    @AfterEach
    void close() {
        assertEquals(0, mirrored.domain().openSections());
        disk.close();
    }

    private static Edge child(String name, String node) {
        return Edge.of(name, node, ChildRole.DATA);
    }

    private void write(TestDisk.Client client, int value) {
        byte[] bytes = new byte[512];
        Arrays.fill(bytes, (byte) value);
        assertEquals(0, client.io(BlockOp.WRITE, 0, 512, ByteBuffer.wrap(bytes)));
    }

    @Test
    void aRequestInFlightCountsTheChildThatGoes() throws Exception {
        TestDisk.Client client = disk.client(mirrored, disk.driven, 4);
        two.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        client.submit(BlockOp.WRITE, 0, 512);
        disk.cycle();
        assertEquals(1, held.size());
        Waits.Started<Publication> removal =
                Waits.onThread(() -> disk.live.commit(new RemoveChild("mirror", "c1"), LONG));
        Waits.until("the gate", () -> disk.live.current().route("m").gated());
        removal.untilItWaits();
        assertFalse(removal.task().isDone(), "the child's request is in flight");
        int later = client.submit(BlockOp.WRITE, 512, 512);
        disk.cycle();
        assertEquals(1, held.size(), "no new request goes to it");
        held.get(0).complete(0);
        Waits.get(removal.task());
        client.await(2);
        assertEquals(0, client.status[later]);
        assertEquals(1, held.size());
        assertThrows(
                DrainTimeoutException.class,
                () -> {
                    two.submit = (self, request) -> {
                        held.add(request);
                        return 0;
                    };
                    disk.live.commit(new AddChild("mirror", child("c1", "two")), LONG);
                    client.submit(BlockOp.WRITE, 0, 512);
                    disk.cycle();
                    disk.live.commit(new RemoveChild("mirror", "c1"), TestDisk.SHORT);
                },
                "a child that hangs keeps its removal from being made");
        assertEquals(2, disk.live.current().graph().node("mirror").children().size());
        held.get(1).complete(-Errno.EIO);
        client.await(1);
    }

    @Test
    void aChildThatComesGetsOnlyWhatIsAdmittedLater() {
        TestDisk.Client client = disk.client(mirrored, disk.driven, 4);
        disk.live.commit(new RemoveChild("mirror", "c1"), LONG);
        write(client, 1);
        assertEquals(1, one.data[0]);
        assertEquals(0, two.data[0]);
        disk.live.commit(new AddChild("mirror", child("c2", "two")), LONG);
        write(client, 2);
        assertArrayEquals(Arrays.copyOf(one.data, 512), Arrays.copyOf(two.data, 512));
    }

    @Test
    void aDriverThatTakesNoChildrenSaysSo() {
        GraphException added = assertThrows(
                GraphException.class, () -> disk.live.commit(new AddChild("disk0", child("c0", "one")), LONG));
        assertTrue(added.getMessage().contains("'disk0' (scripted)")
                && added.getMessage().contains("'c0'"));
        GraphException laid =
                assertThrows(GraphException.class, () -> disk.live.commit(new SetBacking("disk0", "one"), LONG));
        assertTrue(laid.getMessage().contains("takes no backing node"), laid.getMessage());
    }
}
