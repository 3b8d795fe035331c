// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.Limits;

/** Zeroes, discards, FUA and flushes: what is done for a driver that does not do it itself. */
@Timeout(60)
class FrontServicesTest extends FrontFixture {
    private static final Limits ZEROES = new Limits(512, BLOCK, 2048, 2 * BLOCK, 1024, 4 * BLOCK);

    private int flush() {
        return client.io(BlockOp.FLUSH, 0, 0);
    }

    @Test
    void zeroesAreSplitAndWhatSticksOutIsWritten() {
        disk(16 * BLOCK, ZEROES, Capability.FUA, Capability.ZEROES);
        assertEquals(0, zero(BlockOp.FLAG_FUA, 100, 5 * BLOCK));
        assertEquals(
                List.of(
                        "READ 0+512",
                        "WRITE 0+512 fua",
                        "WRITE 512+1536 fua",
                        "WRITE_ZEROES 2048+8192 fua",
                        "WRITE_ZEROES 10240+8192 fua",
                        "WRITE_ZEROES 18432+2048 fua",
                        "READ 20480+512",
                        "WRITE 20480+512 fua"),
                log());
        assertEquals(0, zero(0, 512, 512));
        assertEquals(List.of("WRITE 512+512"), log());
        assertEquals(0, zero(0, 513, 2));
        assertModel();
    }

    @Test
    void aDriverThatCannotGetsWrittenZeroes() {
        disk(16 * BLOCK, Limits.of(512, 2 * BLOCK), Capability.FUA);
        assertEquals(0, zero(BlockOp.FLAG_MAY_UNMAP, 512, 5 * BLOCK));
        assertEquals(List.of("WRITE 512+8192", "WRITE 8704+8192", "WRITE 16896+4096"), log());
        assertModel();
    }

    @Test
    void aDriverThatAnswersEnotsupGetsWrittenZeroesForTheRest() {
        disk(16 * BLOCK, Limits.of(1, 0), Capability.FUA, Capability.ZEROES);
        driver.refuse = request -> request.op() == BlockOp.WRITE_ZEROES ? -Errno.ENOTSUP : 0;
        assertEquals(0, zero(BlockOp.FLAG_FUA, 100, 5 * BLOCK));
        assertEquals(List.of("WRITE_ZEROES 100+20480 fua", "WRITE 100+20480 fua"), log());
        assertModel();
        driver.refuse = request -> 0;
        driver.fail = request -> request.op() == BlockOp.WRITE_ZEROES ? -Errno.ENOTSUP : 0;
        assertEquals(0, zero(0, 100, 5 * BLOCK), "answered later rather than refused");
        assertModel();
        driver.fail = request -> request.op() == BlockOp.WRITE_ZEROES ? -Errno.EIO : 0;
        assertEquals(-Errno.EIO, client.io(BlockOp.WRITE_ZEROES, 0, 512));
    }

    /** H21: fast or not at all. */
    @Test
    void withoutFallbackNothingIsWritten() {
        disk(16 * BLOCK, Limits.of(512, 0), Capability.FUA, Capability.ZEROES);
        driver.refuse = request -> request.op() == BlockOp.WRITE_ZEROES ? -Errno.ENOTSUP : 0;
        byte[] before = driver.data.clone();
        assertEquals(-Errno.ENOTSUP, zero(BlockOp.FLAG_NO_FALLBACK, 512, BLOCK));
        assertEquals(List.of("WRITE_ZEROES 512+4096"), log());
        assertEquals(-Errno.ENOTSUP, zero(BlockOp.FLAG_NO_FALLBACK, 100, BLOCK), "part of a block is not fast");
        assertEquals(List.of(), log());
        assertTrue(Arrays.equals(before, driver.data));
        driver.refuse = request -> 0;
        assertEquals(0, zero(BlockOp.FLAG_NO_FALLBACK, 512, BLOCK));
        assertEquals(List.of("WRITE_ZEROES 512+4096"), log());
    }

    @Test
    void withoutFallbackADriverThatCannotIsNotAsked() {
        disk(16 * BLOCK, Limits.NONE, Capability.FUA);
        assertEquals(-Errno.ENOTSUP, zero(BlockOp.FLAG_NO_FALLBACK, 0, BLOCK));
        assertEquals(List.of(), log());
    }

    @Test
    void withoutFallbackAPieceThatIsNotSupportedEndsIt() {
        disk(16 * BLOCK, ZEROES, Capability.ZEROES);
        driver.fail = request -> request.offset() > 0 ? -Errno.ENOTSUP : 0;
        assertEquals(-Errno.ENOTSUP, zero(BlockOp.FLAG_NO_FALLBACK | BlockOp.FLAG_FUA, 0, 6 * BLOCK));
        assertEquals(List.of("WRITE_ZEROES 0+8192", "WRITE_ZEROES 8192+8192"), log());
    }

    @Test
    void aDiscardIsShrunkAndSplit() {
        disk(16 * BLOCK + 3, ZEROES, Capability.FUA, Capability.ALL_ZEROES);
        assertEquals(0, discard(1, 1023));
        assertEquals(0, discard(1023, 1024));
        assertEquals(0, discard(0, 1023));
        assertEquals(List.of(), log(), "nothing is left of them");
        assertEquals(0, discard(1, 2048));
        assertEquals(List.of("DISCARD 1024+1024"), log());
        assertEquals(0, discard(1, 7 * BLOCK));
        assertEquals(List.of("DISCARD 1024+16384", "DISCARD 17408+11264"), log());
        assertEquals(0, discard(15 * BLOCK + 1, BLOCK + 2));
        assertEquals(List.of("DISCARD 62464+3075"), log(), "to the end of the disk");
        driver.fail = request -> -Errno.ENOTSUP;
        assertEquals(0, discard(1, 7 * BLOCK), "advice");
        driver.fail = request -> -Errno.EIO;
        assertEquals(-Errno.EIO, discard(1, 7 * BLOCK));
    }

    /** H20. */
    @Test
    void fuaIsOneFlushAfterAllPieces() {
        disk(16 * BLOCK, Limits.of(512, 2 * BLOCK), Capability.ALL_ZEROES);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(BlockOp.FLAG_FUA, 100, 5 * BLOCK);
        disk.cycle();
        while (!driver.held.getFirst().op().equals(BlockOp.FLUSH)) {
            driver.finishNext();
        }
        disk.cycle();
        assertEquals(0, client.poll(), "not durable yet");
        assertEquals(1, log().stream().filter(line -> line.startsWith("FLUSH")).count());
        driver.finishNext();
        client.await(1);
        assertEquals(List.of(), log());
        assertModel();
        driver.order = LimitedDriver.Order.AT_ONCE;
        driver.fail = request -> request.op() == BlockOp.FLUSH ? -Errno.EIO : 0;
        assertEquals(-Errno.EIO, write(BlockOp.FLAG_FUA, 0, 512), "that it is durable cannot be said");
        assertEquals(List.of("WRITE 0+512", "FLUSH 0+0"), log());
        assertEquals(-Errno.EIO, zero(BlockOp.FLAG_FUA, 0, 512));
        assertEquals(List.of("WRITE_ZEROES 0+512", "FLUSH 0+0"), log());
    }

    @Test
    void theFlushOfFuaCoversItsOwnPieces() {
        disk(16 * BLOCK, Limits.of(512, BLOCK), Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        assertEquals(0, write(BlockOp.FLAG_FUA, 0, 3 * BLOCK));
        assertEquals(1, log().stream().filter(line -> line.startsWith("FLUSH")).count());
        assertEquals(0, flush());
        assertEquals(List.of(), log());
        driver.fail = request -> request.op() == BlockOp.FLUSH ? -Errno.EIO : 0;
        assertEquals(-Errno.EIO, write(BlockOp.FLAG_FUA, 0, 3 * BLOCK));
        log();
        driver.fail = request -> 0;
        assertEquals(0, flush());
        assertEquals(List.of("FLUSH 0+0"), log());
    }

    /** K, H19. */
    @Test
    void aFlushIsLeftOutOnlyIfNothingWasWrittenSince() {
        disk(16 * BLOCK, Limits.of(512, BLOCK), Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        List<String> one = List.of("FLUSH 0+0");
        assertEquals(0, flush());
        assertEquals(one, log(), "what was before is not known");
        assertEquals(0, flush());
        assertEquals(0, read(1, BLOCK));
        log();
        assertEquals(0, flush());
        assertEquals(List.of(), log());
        Device another = disk.attach("another", "lim", true);
        TestDisk.Client second = disk.client(another, disk.driven, 2);
        List<Runnable> changes = List.of(
                () -> assertEquals(0, write(0, 0, 512)),
                () -> assertEquals(0, write(0, 1, 2 * BLOCK)),
                () -> assertEquals(0, zero(0, 512, 512)),
                () -> assertEquals(0, discard(512, 512)),
                () -> assertEquals(0, second.io(BlockOp.WRITE, 0, 512)));
        for (Runnable change : changes) {
            change.run();
            log();
            assertEquals(0, flush());
            assertEquals(one, log());
            assertEquals(0, second.io(BlockOp.FLUSH, 0, 0), "another root's flush of the same node");
            assertEquals(List.of(), log());
        }
    }

    @Test
    void aFailedFlushLeavesAllUncovered() {
        disk(16 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        driver.order = LimitedDriver.Order.HELD;
        client.submit(BlockOp.FLUSH, 0, 0, 0, null, 0);
        client.submit(BlockOp.FLUSH, 0, 0, 0, null, 0);
        disk.cycle();
        driver.finishNext();
        driver.fail = request -> -Errno.EIO;
        driver.finishNext(); // beside one that succeeded
        client.await(2);
        driver.order = LimitedDriver.Order.AT_ONCE;
        log();
        assertEquals(-Errno.EIO, flush());
        assertEquals(List.of("FLUSH 0+0"), log());
        driver.fail = request -> 0;
        assertEquals(0, flush());
        assertEquals(List.of("FLUSH 0+0"), log());
        driver.refuse = request -> -Errno.EIO;
        assertEquals(0, flush(), "nothing to do");
    }

    @Test
    void aWriteThatEndsWhileAFlushRunsIsNotCoveredByIt() {
        disk(16 * BLOCK, Limits.NONE, Capability.FUA, Capability.ALL_ZEROES, Capability.COUNTED_FLUSH);
        driver.order = LimitedDriver.Order.HELD;
        submitWrite(0, 0, 512);
        client.submit(BlockOp.FLUSH, 0, 0, 0, null, 0);
        disk.cycle();
        driver.finishNext();
        driver.finishNext();
        client.await(2);
        driver.order = LimitedDriver.Order.AT_ONCE;
        log();
        assertEquals(0, flush());
        assertEquals(List.of("FLUSH 0+0"), log());
    }
}
