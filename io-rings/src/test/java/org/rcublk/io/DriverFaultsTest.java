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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.BlockNode;

/** Drivers and producers that break the rules: their own request fails, nothing else does, and it is logged once. */
@Timeout(60)
class DriverFaultsTest {
    private final TestDisk disk = new TestDisk();
    private final TestDisk.Client client = disk.client(4);

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void aRefusedRequestFailsWithTheDriversError() {
        disk.driver.submit = (self, request) -> -Errno.ENOTSUP;
        assertEquals(-Errno.ENOTSUP, client.io(BlockOp.FLUSH, 0, 0));
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    @Test
    void aThrowingDriverFailsItsRequestAndIsLoggedOnce() {
        disk.driver.submit = (self, request) -> {
            throw new IllegalArgumentException("bug one of the driver");
        };
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        List<String> lines = CapturedLogs.with("bug one of the driver");
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("scripted") && lines.get(0).contains("disk0"), lines.get(0));
        assertEquals(1, client.completed.size());
    }

    @Test
    void aDriverThatThrowsAfterItCompletedCompletesOnce() {
        disk.driver.submit = (self, request) -> {
            disk.driver.serve(request);
            throw new IllegalStateException("bug two of the driver");
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.cycle();
        assertFalse(client.queue.hasCompletions());
        assertEquals(1, CapturedLogs.with("bug two of the driver").size());
    }

    @Test
    void aDriverThatCannotTellItsSizeFailsTheRequest() {
        disk.driver.size = () -> {
            throw new IllegalStateException("no size today");
        };
        assertEquals(-Errno.EIO, client.io(BlockOp.READ, 0, 512));
        assertEquals(1, CapturedLogs.with("no size today").size());
        disk.driver.size = () -> ScriptedDriver.SIZE;
        assertEquals(0, client.io(BlockOp.READ, 0, 512));
        disk.drain("disk0").close(); // nothing was left counted
    }

    @Test
    void completingTwiceThrowsAndCompletesOnce() {
        List<RuntimeException> thrown = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            request.complete(0);
            thrown.add(assertThrows(IllegalStateException.class, () -> request.complete(-Errno.EIO)));
            return 0;
        };
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(1, thrown.size());
        assertEquals(1, client.completed.size());
    }

    @Test
    void aThrowInChildCompletedFailsTheParent() {
        disk.add("leaf", new ScriptedDriver());
        disk.driver.submit = (self, request) -> {
            if (request.parent() != null) {
                return disk.driver.serve(request);
            }
            request.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self);
            return 0;
        };
        disk.driver.childCompleted = (self, parent, child) -> {
            throw new IllegalStateException("bug three of the driver");
        };
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(1, CapturedLogs.with("bug three of the driver").size());
    }

    @Test
    void aThrowInResumedFailsTheRequest() {
        disk.driver.submit = (self, request) -> {
            request.startTimer(0);
            return 0;
        };
        disk.driver.resumed = (self, request) -> {
            throw new IllegalStateException("bug four of the driver");
        };
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(1, CapturedLogs.with("bug four of the driver").size());
    }

    @Test
    @SuppressWarnings("ReadSectionRequired") // hooks that throw at once
    void aDriverThatForksOrWaitsWithoutTheHooksSaysSo() {
        BlockDriver plain = new BlockDriver() {
            @Override
            public String driverName() {
                return "plain";
            }

            @Override
            public long size(PlanNode self) {
                return 0;
            }

            @Override
            public int submit(PlanNode self, Request request) {
                return 0;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        PlanNode node = new PlanNode(BlockNode.of("n", "plain", plain), plain, new PlanNode[0], null, null);
        Request request = client.queue.request(0);
        assertTrue(assertThrows(IllegalStateException.class, () -> plain.resumed(node, request))
                .getMessage()
                .contains("plain"));
        assertThrows(IllegalStateException.class, () -> plain.childCompleted(node, request, request));
        assertThrows(IllegalStateException.class, node::main);
    }

    @Test
    void aProducerWhoseNotificationThrowsCostsNoOtherItsOwn() {
        AtomicInteger told = new AtomicInteger();
        Virtqueue bad = disk.device.openQueue(disk.driven, 1, () -> {
            throw new IllegalStateException("bug of the producer");
        });
        Virtqueue good = disk.device.openQueue(disk.driven, 1, told::incrementAndGet);
        for (Virtqueue queue : new Virtqueue[] {bad, good}) {
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
        }
        disk.cycle();
        assertEquals(1, told.get());
        assertEquals(1, CapturedLogs.with("bug of the producer").size());
        assertTrue(bad.hasCompletions());
    }

    @Test
    void anInterruptFlagThatADriverLeavesDoesNotEndTheIoThread() {
        IoThread thread = disk.started("io0");
        TestDisk.Client threaded = disk.client(disk.device, thread, 2);
        disk.driver.submit = (self, request) -> {
            Thread.currentThread().interrupt();
            return disk.driver.serve(request);
        };
        for (int i = 0; i < 50; i++) {
            assertEquals(0, threaded.io(BlockOp.FLUSH, 0, 0), "request " + i);
        }
    }

    @Test
    void aTaskThatThrowsCostsNoOther() {
        AtomicInteger ran = new AtomicInteger();
        disk.driven.execute(() -> {
            throw new AssertionError("bug of a task");
        });
        disk.driven.execute(ran::incrementAndGet);
        disk.cycle();
        assertEquals(1, ran.get());
        assertEquals(1, CapturedLogs.with("bug of a task").size());
    }

    @Test
    void errorsHaveNames() {
        assertEquals("ok", Errno.name(0));
        assertEquals("EIO", Errno.name(-Errno.EIO));
        assertEquals("ESHUTDOWN", Errno.name(-Errno.ESHUTDOWN));
        assertEquals("errno 2", Errno.name(-2));
        for (BlockOp op : BlockOp.values()) {
            assertEquals(op, BlockOp.of(op.opcode()));
        }
        assertNotNull(client.queue.request(0).toString());
    }
}
