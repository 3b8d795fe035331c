// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.Limits;

/** Reads and writes that a driver does not take as they are: alignment, length, the end of the disk, overlaps. */
@Timeout(60)
class FrontTest extends FrontFixture {
    @Test
    void whatTheDriverTakesGoesToItAsItIs() {
        disk(16 * BLOCK, Limits.of(512, 2 * BLOCK), Capability.FUA, Capability.ALL_ZEROES);
        assertEquals(0, read(512, 2 * BLOCK));
        assertEquals(0, write(BlockOp.FLAG_FUA, 512, 1024));
        assertEquals(0, zero(0, 0, 5 * BLOCK));
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(List.of("READ 512+8192", "WRITE 512+1024 fua", "WRITE_ZEROES 0+20480", "FLUSH 0+0"), log());
    }

    @Test
    void anUnalignedReadBouncesHeadAndTailOnly() {
        disk(64 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        assertEquals(0, read(100, 40 * BLOCK));
        assertEquals(List.of("READ 0+4096", "READ 4096+159744", "READ 163840+4096"), log());
        assertEquals(0, read(BLOCK - 1, 2)); // one read for a small range
        assertEquals(List.of("READ 0+8192"), log());
        assertEquals(0, read(17, 1));
        assertEquals(List.of("READ 0+4096"), log());
    }

    @Test
    void anUnalignedWriteReadsChangesAndWritesHeadAndTail() {
        disk(64 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        assertEquals(0, write(0, 100, 40 * BLOCK));
        assertEquals(
                List.of("READ 0+4096", "WRITE 0+4096", "WRITE 4096+159744", "READ 163840+4096", "WRITE 163840+4096"),
                log());
        assertEquals(0, write(BlockOp.FLAG_FUA, BLOCK - 1, 2));
        assertEquals(List.of("READ 0+8192", "WRITE 0+8192 fua"), log());
        assertModel();
    }

    @Test
    void everyAlignmentEveryPlace() {
        for (int alignment = 512; alignment <= 65536; alignment *= 2) {
            FrontTest each = new FrontTest();
            int size = 4 * alignment + 777;
            each.disk(size, Limits.of(alignment, 2 * alignment), Capability.FUA, Capability.ALL_ZEROES);
            for (int i = 0; i < 60; i++) {
                int at = random.nextInt(size);
                int length = i % 7 == 0 ? size - at : random.nextInt(size - at);
                assertEquals(0, each.write(0, at, length));
                assertEquals(0, each.read(random.nextInt(at + 1), Math.min(size - at, length)));
                each.assertModel();
            }
            each.close();
        }
    }

    @Test
    void theLastBlockMayBeShortAndNothingIsPastIt() {
        int size = 3 * BLOCK + 5;
        disk(size, Limits.of(BLOCK, BLOCK), Capability.FUA, Capability.ALL_ZEROES);
        assertEquals(0, write(0, 3 * BLOCK, 5));
        assertEquals(List.of("WRITE 12288+5"), log(), "as it is");
        assertEquals(0, write(0, 3 * BLOCK + 4, 1));
        assertEquals(List.of("READ 12288+5", "WRITE 12288+5"), log());
        assertEquals(0, read(3 * BLOCK + 1, 4));
        assertEquals(0, zero(0, 2 * BLOCK + 1, BLOCK + 4));
        assertEquals(0, write(0, 0, size));
        assertEquals(0, read(0, size));
        assertModel();
        assertEquals(0, client.io(BlockOp.WRITE, size, 0), "nothing, where the disk ends");
        log();
        assertEquals(-Errno.ENOSPC, client.io(BlockOp.WRITE, size - 2, 3));
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, size - 2, 3));
        assertEquals(List.of(), log());
    }

    @Test
    void aLongTransferGoesInPiecesOneAfterTheOther() {
        disk(64 * BLOCK, Limits.of(512, 3 * BLOCK), Capability.FUA, Capability.ALL_ZEROES);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(BlockOp.FLAG_FUA, 512, 8 * BLOCK);
        disk.cycle();
        for (int i = 0; i < 3; i++) {
            assertEquals(1, driver.held.size());
            assertTrue(client.completed.isEmpty());
            driver.finishNext();
        }
        client.await(1);
        assertModel();
        assertEquals(List.of("WRITE 512+12288 fua", "WRITE 12800+12288 fua", "WRITE 25088+8192 fua"), log());
        driver.order = LimitedDriver.Order.TIMED;
        assertEquals(0, read(512, 8 * BLOCK));
        assertEquals(List.of("READ 512+12288", "READ 12800+12288", "READ 25088+8192"), log());
    }

    @Test
    void theFirstErrorEndsTheRequest() {
        disk(64 * BLOCK, Limits.of(512, BLOCK), Capability.ALL_ZEROES);
        driver.fail = request -> request.offset() == 2 * BLOCK ? -Errno.ENOSPC : 0;
        assertEquals(-Errno.ENOSPC, write(BlockOp.FLAG_FUA, 0, 8 * BLOCK));
        assertEquals(List.of("WRITE 0+4096", "WRITE 4096+4096", "WRITE 8192+4096"), log());
        assertEquals(-Errno.ENOSPC, client.io(BlockOp.READ, 0, 8 * BLOCK), "a piece of a read");
        driver.fail = request -> 0;
        driver.refuse = request -> request.op() == BlockOp.WRITE && request.offset() > 0 ? -Errno.EPERM : 0;
        assertEquals(-Errno.EPERM, write(0, 0, 8 * BLOCK));
        assertEquals(-Errno.EPERM, write(0, 5 * BLOCK + 1, 5), "the second half of a read, change and write");
        driver.refuse = request -> 0;
        assertEquals(0, write(0, 0, 9 * BLOCK), "nothing is left that the overlap waits for");
    }

    @Test
    void aDriverThatThrowsFailsItsRequestOnce() {
        disk(64 * BLOCK, Limits.of(512, BLOCK), Capability.ALL_ZEROES);
        driver.refuse = request -> {
            if (request.offset() == BLOCK) {
                throw new IllegalStateException("bug of a limited driver");
            }
            return 0;
        };
        assertEquals(-Errno.EIO, write(0, 0, 8 * BLOCK));
        assertEquals(1, client.completed.size());
        assertEquals(-Errno.EIO, write(0, BLOCK, 512), "passed on as it is");
        driver.refuse = request -> 0;
        int[] asked = {0};
        driver.size = () -> {
            if (asked[0]++ == 3) { // by the queue, by the front to decide, and then as the pieces begin
                throw new OutOfMemoryError("of a limited driver");
            }
            return driver.data.length;
        };
        assertEquals(-Errno.ENOMEM, client.io(BlockOp.WRITE, 1, 5));
        assertTrue(asked[0] >= 4);
        driver.size = () -> driver.data.length;
        assertEquals(0, write(0, 0, 8 * BLOCK), "nothing is left that the overlap waits for");
    }

    /** H23: what the first changes is read by the second, which therefore waits. */
    @Test
    void twoWritesToOneBlockAreSerialised() {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(0, 100, 50);
        submitWrite(0, 200, 50);
        submitWrite(0, BLOCK, BLOCK);
        disk.cycle();
        assertEquals(List.of("READ 0+4096", "WRITE 4096+4096"), log(), "the second waits, the third does not");
        driver.finishNext();
        driver.finishNext();
        client.await(1);
        assertEquals(List.of("WRITE 0+4096"), log());
        driver.finishNext();
        disk.cycle();
        assertEquals(List.of("READ 0+4096"), log());
        driver.finishNext();
        driver.finishNext();
        client.await(2);
        assertModel();
    }

    /** H21: in either order. */
    @Test
    void zeroesAndDiscardsWaitForOverlappingWritesAndTheOtherWayRound() {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(0, 0, 2 * BLOCK);
        client.submit(BlockOp.WRITE_ZEROES, 0, BLOCK, BLOCK, null, 0);
        client.submit(BlockOp.DISCARD, 0, BLOCK, 10, null, 0);
        submitWrite(0, 4 * BLOCK, BLOCK);
        disk.cycle();
        assertEquals(List.of("WRITE 0+8192", "WRITE 16384+4096"), log());
        driver.finishNext();
        disk.cycle();
        assertEquals(List.of("WRITE_ZEROES 4096+4096"), log());
        submitWrite(0, 0, 2 * BLOCK);
        disk.cycle();
        driver.finish(driver.held.remove(1));
        disk.cycle();
        assertEquals(List.of("DISCARD 4096+10"), log());
        while (!driver.held.isEmpty()) {
            driver.finishNext();
            disk.cycle();
        }
        client.await(5);
        assertEquals(List.of("WRITE 0+8192"), log());
        assertModel();
    }

    /** Guarantee G: pieces and those that wait for an overlap go on while the gate is closed, and the drain waits for them. */
    @Test
    void aDrainWaitsForPiecesAndForThoseThatWait() throws Exception {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(0, 100, 50);
        submitWrite(0, 200, 50);
        disk.cycle();
        Waits.Started<Drain<PlanNode>> drainer = Waits.onThread(() -> disk.drain("lim"));
        Waits.until("the gate", () -> disk.live.current().route("lim-root").gated());
        drainer.untilItWaits();
        for (int i = 0; i < 4; i++) {
            assertFalse(drainer.task().isDone());
            driver.finishNext();
            disk.cycle();
        }
        Waits.get(drainer.task()).close();
        client.await(2);
        assertModel();
        assertEquals(0, device.parkedTotal());
    }

    /** Two nodes that each want to hear of the completion, one request that the upper one forwards. */
    @Test
    void aForwardedRequestIsHeardOfByBothNodes() {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        LimitedDriver top = new LimitedDriver(
                16 * BLOCK, Limits.of(512, 0), Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        top.forwards = true;
        disk.live.commit(AddNodes.of(BlockNode.filter("top", "limited", top, "lim")), Waits.LONG);
        Device over = disk.attach("top-root", "top", true);
        client = disk.client(over, disk.driven, 4);
        assertEquals(0, write(0, 512, 512));
        assertEquals(0, write(0, BLOCK, BLOCK));
        assertEquals(0, write(0, 5, 2 * BLOCK));
        for (int i = 0; i < 3; i++) {
            assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        }
        assertEquals(1, log().stream().filter(line -> line.startsWith("FLUSH")).count());
        assertModel();
        assertEquals(List.of(), top.wrong);
        assertEquals(0, over.domain().openSections());
    }

    /** Refused is as if it had never been there: the driver above may send it once more. */
    @Test
    void aRefusedRequestIsForgotten() {
        disk(16 * BLOCK, Limits.of(BLOCK, 0), Capability.FUA, Capability.ALL_ZEROES);
        LimitedDriver top = new LimitedDriver(16 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES);
        top.forwards = true;
        disk.live.commit(AddNodes.of(BlockNode.filter("top", "limited", top, "lim")), Waits.LONG);
        client = disk.client(disk.attach("top-root", "top", true), disk.driven, 4);
        int[] refused = {0};
        driver.refuse = request -> refused[0]++ == 0 ? -Errno.EIO : 0;
        assertEquals(0, zero(0, 0, BLOCK));
        assertEquals(2, refused[0]);
        assertModel();
    }

    /** The queue checks against the size of the top. */
    @Test
    void aRangePastTheEndOfALowerNodeIsRefusedBeforeAnyPiece() {
        disk(16 * BLOCK, Limits.of(BLOCK, BLOCK), Capability.FUA, Capability.ALL_ZEROES);
        LimitedDriver top = new LimitedDriver(20 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES);
        top.forwards = true;
        disk.live.commit(AddNodes.of(BlockNode.filter("top", "limited", top, "lim")), Waits.LONG);
        client = disk.client(disk.attach("top-root", "top", true), disk.driven, 4);
        assertEquals(-Errno.ENOSPC, client.io(BlockOp.WRITE, 15 * BLOCK, 2 * BLOCK));
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, 15 * BLOCK, BLOCK + 1));
        assertEquals(List.of(), log());
    }

    @Test
    void manyPiecesNeitherGrowTheStackNorKeepTheThread() {
        disk(16 << 20, Limits.of(512, 512), Capability.FUA, Capability.ALL_ZEROES);
        TestDisk.Client other = disk.client(1);
        submitWrite(0, 0, 16 << 20);
        disk.cycle();
        assertTrue(log().size() < 32768, "others get a turn in between");
        assertEquals(0, other.io(BlockOp.FLUSH, 0, 0));
        client.await(1);
        assertModel();
    }

    @Test
    void anAlignmentThatIsTooLargeIsRefusedWithTheNode() {
        String message = assertThrows(GraphException.class, () -> new FrontLimits("n", Limits.of(2 << 20, 0)))
                .getMessage();
        assertTrue(message.contains("'n'") && message.contains("2097152"), message);
    }
}
