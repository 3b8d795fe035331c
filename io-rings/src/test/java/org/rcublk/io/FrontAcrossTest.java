// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Limits;

/** What more than one plan, root, version or front has to agree on. */
class FrontAcrossTest extends FrontFixture {
    private static final int BLOCK = 4096;

    private void blocks(Capability... capabilities) {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), capabilities);
    }

    /** Parts of one block, by two clients: the second reads it only after the first has written it (H3, H23). */
    private void neighbours(TestDisk.Client second) {
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(0, 100, 50);
        disk.cycle();
        byte[] bytes = new byte[50];
        Arrays.fill(bytes, (byte) 3);
        System.arraycopy(bytes, 0, model, 200, 50);
        second.submit(BlockOp.WRITE, 0, 200, 50, ByteBuffer.wrap(bytes), 0);
        disk.cycle();
        assertEquals(List.of("READ 0+4096"), log(), "the second waits for the first");
        while (!driver.held.isEmpty()) {
            driver.finishNext();
            disk.cycle();
        }
        client.await(1);
        second.await(1);
        assertModel();
    }

    @Test
    void twoRootsTrackOneNodeTogether() {
        blocks(Capability.FUA, Capability.ALL_ZEROES);
        neighbours(disk.client(disk.attach("other", "lim", true), disk.driven, 4));
    }

    /** The plan of the version that is current later is compiled while the first request runs on the earlier one's. */
    @Test
    void twoVersionsTrackOneNodeTogether() {
        blocks(Capability.FUA, Capability.ALL_ZEROES);
        LimitedDriver window = new LimitedDriver(16 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES);
        window.forwards = true;
        disk.live.commit(AddNodes.of(BlockNode.filter("window", "limited", window, "lim")), Waits.LONG);
        Device above = disk.attach("above", "window", true);
        LimitedDriver filter = new LimitedDriver(16 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES);
        filter.forwards = true;
        disk.live.commit(new InsertFilter("window", BlockNode.filter("flt", "limited", filter, "window")), Waits.LONG);
        neighbours(disk.client(above, disk.driven, 4));
    }

    /** A front that hears of the request stands above one that follows its write by a flush (H20). */
    @Test
    void forcedUnitAccessIsKeptThroughTwoFronts() {
        blocks(Capability.ALL_ZEROES);
        LimitedDriver top = new LimitedDriver(
                16 * BLOCK, Limits.of(512, 0), Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        top.forwards = true;
        disk.live.commit(AddNodes.of(BlockNode.filter("top", "limited", top, "lim")), Waits.LONG);
        client = disk.client(disk.attach("top-root", "top", true), disk.driven, 4);
        assertEquals(0, write(BlockOp.FLAG_FUA, 0, BLOCK));
        assertEquals(List.of("WRITE 0+4096", "FLUSH 0+0"), log());
    }
}
