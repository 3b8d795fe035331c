// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;

/**
 * What becomes of a drain when an IOThread ends with requests under way: it is given up at its deadline and says why.
 * Requests of other IOThreads and roots are none the worse for it (guarantee I).
 */
@Timeout(60)
class EndedThreadTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        disk.close();
    }

    private TestDisk.Client withARequestOn(IoThread thread) {
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        TestDisk.Client client = disk.client(disk.device, thread, 2);
        client.submit(BlockOp.READ, 4096, 512);
        Waits.until("the request runs", () -> held.size() == 1);
        return client;
    }

    private void assertADrainSaysWhoEnded(String name) {
        DrainTimeoutException missed =
                assertThrows(DrainTimeoutException.class, () -> disk.live.drain(List.of("disk0"), Waits.SHORT));
        String message = missed.getMessage();
        assertTrue(message.contains("read of 512 bytes at 4096 in node 'disk0'"), message);
        assertTrue(message.contains("on " + name + ", which has ended"), message);
        assertNotNull(missed.oldestRequest());
        assertFalse(disk.live.current().route("root0").gated(), "the gate is off again");
    }

    @Test
    void aDrainNamesTheRequestOfAnIoThreadThatWasClosed() {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = withARequestOn(thread);
        assertFalse(thread.ended());
        thread.close();
        assertTrue(thread.ended());
        assertADrainSaysWhoEnded("io0");
        assertEquals(1, client.queue.running());
    }

    @Test
    void aDrainNamesTheRequestOfAnIoThreadThatAnErrorEnded() {
        AtomicReference<Error> fault = new AtomicReference<>();
        IoThread thread = disk.started(new IoThread("io1", owner -> new FailingEngine(fault), 0));
        TestDisk.Client client = withARequestOn(thread);
        fault.set(new AssertionError("an error that is no request's"));
        thread.wakeIfAsleep();
        Waits.until("the thread has ended", thread::ended);
        assertADrainSaysWhoEnded("io1");
        assertEquals(1, client.queue.running());
    }

    @Test
    void anotherRootIsDrainedBesideIt() {
        IoThread thread = disk.started("io0");
        withARequestOn(thread);
        thread.close();
        disk.add("disk1", new ScriptedDriver());
        Device other = disk.attach("root1", "disk1", true);
        TestDisk.Client client = disk.client(other, disk.driven, 1);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.live.drain(List.of("disk1"), Waits.LONG).close();
    }

    @Test
    void anIdleIoThreadThatEndsHoldsUpNothing() {
        IoThread thread = disk.started("io0");
        TestDisk.Client client = disk.client(disk.device, thread, 2);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        thread.close();
        try (Drain<PlanNode> _ = disk.drain("disk0")) {
            client.flush(); // nobody takes it, so nobody waits for it either
        }
        disk.drain("disk0").close();
        assertEquals(0, disk.device.domain().openSections());
    }

    /** Throws once, as a bug in the engine or a full heap would, in the middle of a cycle. */
    private static final class FailingEngine extends TestDisk.NoEngine {
        private final AtomicReference<Error> fault;

        FailingEngine(AtomicReference<Error> fault) {
            this.fault = fault;
        }

        @Override
        public int poll() {
            Error thrown = fault.getAndSet(null);
            if (thrown != null) {
                throw thrown;
            }
            return 0;
        }

        @Override
        public boolean hasCompletions() {
            return fault.get() != null;
        }
    }
}
