// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.Drain;

/** Children: counted with their parents, not stopped by gates, and never short of anything (guarantee G). */
@Timeout(60)
class ForkTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new ArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    /** A root request forks a child to its own node, which is held until the test completes it. */
    private void forkAndHold() {
        disk.driver.submit = (self, request) -> {
            if (request.parent() == null) {
                request.fork(self, BlockOp.READ, 512, 0).submitTo(self);
            } else {
                held.add(request);
            }
            return 0;
        };
    }

    @Test
    void aDrainWaitsForTheChild() throws Exception {
        TestDisk.Client client = disk.client(2);
        forkAndHold();
        client.flush();
        disk.cycle();
        assertEquals(2, disk.device.domain().openSections(), "parent and child");
        assertEquals(1, client.queue.running());
        Waits.Started<Drain<PlanNode>> drainer = Waits.onThread(() -> disk.drain("disk0"));
        Waits.until("the gate", () -> disk.live.current().route("root0").gated());
        drainer.untilItWaits();
        assertFalse(drainer.task().isDone());
        held.get(0).complete(0);
        Drain<PlanNode> drain = Waits.get(drainer.task());
        assertEquals(0, disk.device.domain().openSections());
        client.await(1);
        assertEquals(0, client.status[client.completed.get(0)]);
        drain.close();
    }

    @Test
    @SuppressWarnings("ReadSectionRequired") // the parent, which is held, holds its token
    void childrenPassTheGateThatTheirParentsDrainHolds() throws Exception {
        TestDisk.Client client = disk.client(2);
        int[] generations = {0};
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        disk.driver.childCompleted = (self, parent, child) -> {
            if (generations[0] < 5) { // one child after the other, all of them after the gate
                generations[0]++;
                parent.fork(self, BlockOp.READ, 0, 0).submitTo(self);
            } else {
                parent.complete(0);
            }
        };
        client.flush();
        disk.cycle();
        Waits.Started<Drain<PlanNode>> drainer = Waits.onThread(() -> disk.drain("disk0"));
        Waits.until("the gate", () -> disk.live.current().route("root0").gated());
        PlanNode node = disk.live.current().route("root0").plan();
        held.remove(0).fork(node, BlockOp.READ, 0, 0).submitTo(node);
        for (int i = 0; i < 6; i++) {
            assertFalse(drainer.task().isDone());
            assertEquals(1, held.size(), "the child was not parked");
            held.remove(0).complete(0);
        }
        Waits.get(drainer.task()).close();
        client.await(1);
        assertEquals(0, disk.device.parkedTotal());
    }

    /** Every capacity at its minimum: one slot, no idle child, each request a chain of children of children. */
    @Test
    void nestedForksCompleteWhenThePoolIsEmpty() {
        TestDisk.Client client = disk.client(1);
        int[] deepest = {0};
        disk.driver.submit = (self, request) -> {
            int depth = request.parent() == null ? 0 : (int) request.offset();
            deepest[0] = Math.max(deepest[0], depth);
            if (depth == 200) {
                held.add(request);
            } else {
                request.fork(self, BlockOp.READ, depth + 1L, 0).submitTo(self);
            }
            return 0;
        };
        client.flush();
        disk.cycle();
        assertEquals(200, deepest[0]);
        assertEquals(201, disk.device.domain().openSections());
        held.get(0).complete(-Errno.ENOSPC);
        client.await(1);
        assertEquals(-Errno.ENOSPC, client.status[0], "the error comes up through all of them");
    }

    @Test
    void thePoolGrowsAndChildrenAreUsedAgain() {
        TestDisk.Client client = disk.client(1);
        List<Request> children = new ArrayList<>();
        int[] left = {0};
        disk.driver.submit = (self, request) -> {
            if (request.parent() != null) {
                assertEquals(0, request.step(), "a child starts without what its last use left");
                assertEquals(0, request.cursor());
                request.step(9);
                request.cursor(9);
                children.add(request);
                return 0;
            }
            left[0] = 500;
            for (int i = 0; i < 500; i++) {
                request.fork(self, BlockOp.READ, i, 0).submitTo(self);
            }
            return 0;
        };
        disk.driver.childCompleted = (self, parent, child) -> {
            if (--left[0] == 0) {
                parent.complete(0);
            }
        };
        for (int round = 0; round < 5; round++) {
            client.flush();
            disk.cycle();
            assertEquals(500, children.size());
            assertEquals(500, children.stream().distinct().count(), "no child serves twice at once");
            List.copyOf(children).forEach(child -> child.complete(0));
            children.clear();
            client.await(1);
        }
    }

    /** A large request over small clusters on a child that never waits, as a client may send it. */
    @Test
    void aLongChainOfChildrenThatCompleteAtOnceDoesNotGrowTheStack() {
        TestDisk.Client client = disk.client(1);
        int clusters = 100_000;
        disk.driver.submit = (self, request) -> {
            if (request.parent() != null) {
                return disk.driver.serve(request);
            }
            request.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self);
            return 0;
        };
        disk.driver.childCompleted = (self, parent, child) -> {
            parent.cursor(parent.cursor() + 1);
            if (child.status() != 0 || parent.cursor() == clusters) {
                parent.complete(child.status());
            } else {
                parent.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self);
            }
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    @Test
    void aChildSeesItsParentAndGoesWhereItIsSent() {
        ScriptedDriver filter = new ScriptedDriver();
        disk.add("filter0", filter, org.rcublk.graph.Edge.filtered("disk0"));
        Device device = disk.attach("root1", "filter0", true);
        TestDisk.Client client = disk.client(device, disk.driven, 1);
        List<String> seen = new ArrayList<>();
        filter.submit = (self, request) -> {
            Request child = request.fork(self, BlockOp.WRITE_ZEROES, 1024, 512);
            child.setFlags(BlockOp.FLAG_MAY_UNMAP);
            child.submitTo(self.main());
            return 0;
        };
        disk.driver.submit = (self, request) -> {
            seen.add(request.toString());
            assertNotNull(request.parent());
            assertTrue(request.has(BlockOp.FLAG_MAY_UNMAP));
            assertEquals(-1, request.index());
            return disk.driver.serve(request);
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(List.of("WRITE_ZEROES 1024+512 at disk0"), seen);
        assertEquals(0, device.domain().openSections());
    }

    @Test
    void whileAChildRunsTheReportNamesTheNodeThatForked() {
        ScriptedDriver filter = new ScriptedDriver();
        disk.add("filter0", filter, org.rcublk.graph.Edge.filtered("disk0"));
        Device device = disk.attach("root1", "filter0", true);
        TestDisk.Client client = disk.client(device, disk.driven, 1);
        filter.submit = (self, request) -> {
            request.fork(self, BlockOp.READ, 0, 0).submitTo(self.main());
            return 0;
        };
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        client.flush();
        disk.cycle();
        assertEquals("filter0", device.inFlight().get(0).node());
        held.get(0).complete(0);
        client.await(1);
    }
}
