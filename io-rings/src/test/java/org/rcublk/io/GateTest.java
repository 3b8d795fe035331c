// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Publication;

/** Gates as requests meet them: guarantees F, G, H and I on production queues. */
@Timeout(120)
class GateTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new ArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    private void hold() {
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
    }

    private void serve() {
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
    }

    @Test
    void requestsParkAtAGateAndRunInOrderAfterIt() {
        TestDisk.Client client = disk.client(8);
        List<Integer> ran = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            ran.add(request.index());
            return disk.driver.serve(request);
        };
        List<Integer> slots = new ArrayList<>();
        try (Drain<PlanNode> drain = disk.drain("disk0")) {
            assertNotNull(drain);
            for (int i = 0; i < 8; i++) {
                slots.add(client.flush());
                disk.cycle();
            }
            assertEquals(8, disk.device.parkedRequests());
            assertEquals(0, disk.device.domain().openSections(), "a parked request holds no token");
            assertEquals(0, client.queue.running());
            assertEquals(0, client.poll());
            assertEquals(List.of(), disk.device.inFlight());
        }
        client.await(8);
        assertEquals(slots, ran);
        assertEquals(slots, client.completed);
        assertEquals(8, disk.device.parkedTotal());
    }

    @Test
    void aRequestThatMeetsTheNextGateIsCountedOnce() {
        TestDisk.Client client = disk.client(2);
        Drain<PlanNode> first = disk.drain("disk0");
        client.flush();
        client.flush();
        disk.cycle();
        Drain<PlanNode> second;
        first.close();
        second = disk.drain("disk0"); // before the IOThread has looked again
        disk.cycle();
        assertEquals(2, disk.device.parkedRequests());
        assertEquals(2, disk.device.parkedTotal());
        second.close();
        client.await(2);
        assertEquals(2, disk.device.parkedTotal());
    }

    @Test
    void releaseStormsLoseAndDoubleNothing() throws Exception {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 16);
        Waits.Started<Integer> control = Waits.onThread(() -> {
            int rounds = 0;
            long end = System.nanoTime() + Waits.LONG.toNanos();
            while ((rounds < 300 || disk.device.parkedTotal() < 100) && System.nanoTime() - end < 0) {
                rounds++;
                disk.drain("disk0").close();
                disk.device.released(); // told once too often, which is allowed
            }
            return rounds;
        });
        int submitted = 0;
        while (!control.task().isDone()) {
            while (client.queue.freeSlots() > 0) {
                client.flush();
                submitted++;
            }
            client.poll();
        }
        assertTrue(Waits.get(control.task()) >= 300);
        Waits.until("the rest", () -> client.poll() >= 0 && client.queue.freeSlots() == 16);
        assertEquals(submitted, client.completed.size());
        assertTrue(disk.device.parkedTotal() >= 100, "too few requests met a gate");
    }

    @Test
    void parkedRequestsOfADetachedRootAreRefused() {
        TestDisk.Client client = disk.client(4);
        try (Drain<PlanNode> drain = disk.drain("disk0")) {
            assertNotNull(drain);
            int slot = client.flush();
            client.flush();
            disk.cycle();
            assertEquals(2, disk.device.parkedRequests());
            disk.detach("root0");
            client.await(2);
            assertEquals(-Errno.ESHUTDOWN, client.status[slot]);
        }
        assertEquals(-Errno.ESHUTDOWN, client.io(BlockOp.FLUSH, 0, 0), "and so is what comes later");
    }

    @Test
    void aDeviceUnderTheSameNameIsNotTheOldOne() {
        TestDisk.Client client = disk.client(4);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.detach("root0");
        Device next = new Device("root0", disk.admission);
        disk.live.commit(new AttachRoot(new GraphRoot("root0", "disk0", true, next)), Waits.LONG);
        assertEquals(-Errno.ESHUTDOWN, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(0, disk.client(next, disk.driven, 1).io(BlockOp.FLUSH, 0, 0));
        assertEquals(0, disk.device.domain().openSections(), "of the old one");
        assertEquals(0, next.domain().openSections(), "of the new one");
    }

    @Test
    void routesFollowVersions() {
        TestDisk.Client client = disk.client(4);
        ScriptedDriver filter = new ScriptedDriver();
        List<String> path = new ArrayList<>();
        filter.submit = (self, request) -> {
            path.add(self.name());
            return self.main().submit(request);
        };
        disk.driver.submit = (self, request) -> {
            path.add(self.name());
            return disk.driver.serve(request);
        };
        client.io(BlockOp.FLUSH, 0, 0);
        Publication published = disk.admission.change(
                new InsertFilter("disk0", BlockNode.filter("filter0", "scripted", filter, "disk0")), Waits.LONG);
        assertTrue(published.version() > 0);
        client.io(BlockOp.FLUSH, 0, 0);
        assertEquals(List.of("disk0", "filter0", "disk0"), path);
        assertEquals("rcu", disk.admission.design());
        assertTrue(disk.admission.graph().find("filter0") != null);
    }

    @Test
    void aMissedDeadlineNamesTheOldestRequestWhichThenCompletes() {
        TestDisk.Client client = disk.client(4);
        hold();
        client.submit(BlockOp.READ, 4096, 512);
        disk.cycle();
        client.submit(BlockOp.WRITE, 0, 1024);
        disk.cycle();
        DrainTimeoutException missed =
                assertThrows(DrainTimeoutException.class, () -> disk.live.drain(List.of("disk0"), Waits.SHORT));
        InFlight oldest = missed.oldestRequest();
        assertNotNull(oldest);
        assertEquals("driven", oldest.ioThread());
        assertEquals("root0", oldest.root());
        assertEquals("disk0", oldest.node());
        assertEquals("read", oldest.operation());
        assertEquals(4096, oldest.offset());
        assertEquals(512, oldest.length());
        assertTrue(oldest.ageNanos() >= Waits.SHORT.toNanos());
        assertTrue(missed.getMessage().contains("read of 512 bytes at 4096"), missed.getMessage());
        assertEquals(2, disk.device.inFlight().size());
        held.forEach(request -> request.complete(0));
        client.await(2);
        assertFalse(disk.live.current().route("root0").gated(), "the gate is off again");
        serve();
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.drain("disk0").close();
    }

    @Test
    void aHungRequestDelaysNeitherChangesNorRequestsOfAnotherDevice() {
        ScriptedDriver other = new ScriptedDriver();
        disk.add("disk1", other);
        Device second = disk.attach("root1", "disk1", true);
        hold();
        TestDisk.Client hung = disk.client(2);
        hung.flush();
        disk.cycle();
        assertEquals(1, held.size());
        TestDisk.Client free = disk.client(second, disk.driven, 2);
        for (int i = 0; i < 20; i++) {
            String name = "filter" + i;
            ScriptedDriver filter = new ScriptedDriver();
            filter.submit = (self, request) -> self.main().submit(request);
            disk.admission.change(
                    new InsertFilter("disk1", BlockNode.filter(name, "scripted", filter, "disk1")), Waits.LONG);
            assertEquals(0, free.io(BlockOp.FLUSH, 0, 0));
        }
        assertEquals(1, hung.queue.running());
        held.get(0).complete(0);
        hung.await(1);
    }

    @Test
    void aNodeClosesOnlyAfterTheLastRequestOnIt() {
        hold();
        TestDisk.Client client = disk.client(2);
        client.flush();
        disk.cycle();
        disk.detach("root0");
        disk.live.commit(new org.rcublk.graph.RemoveNode("disk0"), Waits.LONG);
        assertFalse(disk.live.awaitClosed(Waits.SHORT));
        assertFalse(disk.driver.closed);
        held.get(0).complete(0);
        client.await(1);
        assertEquals(0, client.status[0], "it was admitted before the root went");
        assertTrue(disk.live.awaitClosed(Waits.LONG));
        assertTrue(disk.driver.closed);
    }
}
