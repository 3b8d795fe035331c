// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.rcu.CallSite;
import org.rcublk.rcu.GracePeriodStall;
import org.rcublk.rcu.SectionHolder;

/** A grace period that a request holds up is reported with that request (guarantee I). */
@Timeout(60)
class StallReportTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new ArrayList<>();
    private final List<GracePeriodStall> stalls = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void theReportNamesTheRequestItsThreadRootNodeOperationAndAge() {
        disk.device.domain().stallThreshold(Duration.ofMillis(20));
        disk.device.domain().onStall(stalls::add);
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        TestDisk.Client client = disk.client(4);
        client.submit(BlockOp.READ, 4096, 512);
        disk.cycle();
        assertEquals(1, held.size());
        // Whoever wants the change gives up; what holds the grace period is reported all the same.
        assertThrows(
                DrainTimeoutException.class,
                () -> disk.live.commit(
                        new InsertFilter("disk0", BlockNode.filter("f0", "scripted", new ScriptedDriver(), "disk0")),
                        Duration.ofMillis(1)));
        Waits.until("two reports", () -> stalls.size() >= 2);
        GracePeriodStall stall = stalls.get(0);
        SectionHolder holder = stall.holders().get(0);
        assertEquals(disk.device.id(), stall.domain());
        assertEquals(disk.driven.name(), holder.thread());
        assertEquals("node 'disk0' for root '" + disk.device.id() + "'", holder.place());
        assertEquals("read of 512 bytes at 4096", holder.operation());
        assertTrue(holder.ageNanos() >= 20_000_000, stall.describe());
        assertEquals(CallSite.RECORDED, !holder.site().isEmpty());
        held.forEach(request -> request.complete(0));
        client.await(1);
    }
}
