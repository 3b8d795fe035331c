// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtqueues: what is accepted completes exactly once, at any depth and in any order (guarantee H). */
@Timeout(120)
class VirtqueueTest {
    private final TestDisk disk = new TestDisk();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void everyOperationReachesTheDriver() {
        TestDisk.Client client = disk.client(4);
        byte[] pattern = new byte[4096];
        Arrays.fill(pattern, (byte) 7);
        assertEquals(0, client.io(BlockOp.WRITE, 512, 4096, ByteBuffer.wrap(pattern)));
        ByteBuffer back = ByteBuffer.allocate(4096);
        assertEquals(0, client.io(BlockOp.READ, 512, 4096, back));
        assertArrayEquals(pattern, back.array());
        assertEquals(0, client.io(BlockOp.WRITE_ZEROES, 512, 2048));
        assertEquals(0, client.io(BlockOp.DISCARD, 2560, 1024));
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(0, client.io(BlockOp.READ, 512, 4096, back));
        Arrays.fill(pattern, 0, 3072, (byte) 0);
        assertArrayEquals(pattern, back.array());
        assertEquals(6, client.completed.size());
    }

    @Test
    void flagsAndBufferOffsetTravel() {
        TestDisk.Client client = disk.client(1);
        List<Integer> flags = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            flags.add(request.flags());
            assertEquals(100, request.bufferOffset());
            assertTrue(request.has(BlockOp.FLAG_FUA));
            assertFalse(request.has(BlockOp.FLAG_NO_FALLBACK));
            return disk.driver.serve(request);
        };
        int slot = client.queue.acquire();
        client.queue.request(slot).attach(ByteBuffer.allocate(612), 100);
        client.queue.submit(slot, BlockOp.WRITE, BlockOp.FLAG_FUA, 0, 512);
        client.await(1);
        assertEquals(0, client.status[slot]);
        assertEquals(List.of(BlockOp.FLAG_FUA), flags);
    }

    @Test
    void wrongRequestsAreRefusedBeforeTheDriver() {
        TestDisk.Client client = disk.client(2);
        disk.driver.submit = (self, request) -> {
            throw new AssertionError(request + " should not get here");
        };
        int size = ScriptedDriver.SIZE;
        ByteBuffer sector = ByteBuffer.allocate(512);
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, size, 512, sector), "a read past the end");
        assertEquals(-Errno.ENOSPC, client.io(BlockOp.WRITE, size - 511, 512, sector), "a write past the end");
        assertEquals(-Errno.ENOSPC, client.io(BlockOp.DISCARD, 0, size + 1L));
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, -1, 512, sector));
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, 0, -1, sector));
        assertEquals(-Errno.EINVAL, client.io(BlockOp.READ, Long.MAX_VALUE, 512, sector), "the end wraps");
        assertEquals(-Errno.EOVERFLOW, client.io(BlockOp.READ, 0, 513, sector), "more than the buffer");
        assertEquals(-Errno.EOVERFLOW, client.io(BlockOp.WRITE, 0, 512, null));
        Device readOnly = disk.attach("ro", "disk0", false);
        TestDisk.Client reader = disk.client(readOnly, disk.driven, 2);
        assertEquals(-Errno.EPERM, reader.io(BlockOp.WRITE, 0, 512, sector));
        assertEquals(-Errno.EPERM, reader.io(BlockOp.DISCARD, 0, 512));
        assertEquals(-Errno.EPERM, reader.io(BlockOp.WRITE_ZEROES, 0, 512));
        assertEquals(0, readOnly.domain().openSections());
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
        assertEquals(0, reader.io(BlockOp.FLUSH, 0, 0));
        assertEquals(0, client.io(BlockOp.READ, size - 512, 512, sector), "the last sector");
    }

    @Test
    void completesOutOfOrder() {
        TestDisk.Client client = disk.client(8);
        List<Request> held = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            slots.add(client.flush());
        }
        assertEquals(-1, client.queue.acquire(), "every slot is in use");
        assertEquals(0, client.poll());
        assertEquals(8, client.queue.running());
        assertEquals(8, disk.device.domain().openSections());
        for (int i : new int[] {5, 0, 7, 2, 1, 6, 4, 3}) {
            held.get(i).complete(-i);
        }
        client.await(8);
        assertEquals(List.of(5, 0, 7, 2, 1, 6, 4, 3).stream().map(slots::get).toList(), client.completed);
        assertEquals(-3, client.status[slots.get(3)]);
        assertEquals(8, client.queue.freeSlots());
    }

    @Test
    void theProducerIsToldOnceACycle() {
        TestDisk.Client client = disk.client(8);
        for (int i = 0; i < 8; i++) {
            client.flush();
        }
        assertFalse(client.queue.hasCompletions());
        disk.cycle();
        assertEquals(1, disk.notified.get());
        assertTrue(client.queue.hasCompletions());
        disk.cycle();
        assertEquals(1, disk.notified.get());
        client.await(8);
    }

    /** Held requests, random order of completion: the rings go round many times at full depth and never lack room. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 25, 50, 64, 1000})
    void atFullDepthNoRingIsEverFull(int depth) {
        TestDisk.Client client = disk.client(depth);
        Random random = new Random(depth);
        List<Request> held = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
        int submitted = 0;
        for (int round = 0; round < 300; round++) {
            while (client.queue.freeSlots() > 0) {
                client.flush();
                submitted++;
            }
            disk.cycle();
            for (int n = random.nextInt(held.size() + 1); n > 0; n--) {
                held.remove(random.nextInt(held.size())).complete(0);
            }
            client.poll();
        }
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
        int rest = submitted - client.completed.size();
        Waits.until("the rest", () -> {
            held.forEach(request -> request.complete(0));
            held.clear();
            client.poll();
            return client.queue.freeSlots() == depth;
        });
        assertTrue(rest >= 0);
        assertEquals(submitted, client.completed.size());
    }

    /**
     * A slot comes back to the producer before the reader has given the space of its record back. So more records than
     * slots lie in a ring, on the way out (the driver completes at once) and on the way in (the producer submits from its
     * completion handler).
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16, 50, 64})
    void slotsThatAreUsedAgainAtOnceFindRoom(int depth) throws Exception {
        IoThread thread = disk.started("io0");
        Virtqueue queue = disk.device.openQueue(thread, depth, () -> {});
        int total = 10_000;
        int[] counts = new int[2];
        Virtqueue.CompletionHandler again = (slot, status) -> {
            assertEquals(0, status);
            counts[1]++;
            if (counts[0] < total) {
                counts[0]++;
                queue.submit(slot, BlockOp.FLUSH, 0, 0, 0);
                queue.kick();
            } else {
                queue.free(slot);
            }
        };
        for (int i = 0; i < depth; i++) {
            counts[0]++;
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
        }
        queue.kick();
        long end = System.nanoTime() + Waits.LONG.toNanos();
        while (queue.freeSlots() < depth && System.nanoTime() - end < 0) {
            queue.pollCompletions(again, Integer.MAX_VALUE);
        }
        assertEquals(total, counts[1]);
        assertEquals(depth, queue.freeSlots());
    }

    /** The same, forced on one thread: the driver submits the slot again while its submission is being read. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 50})
    void aBatchOfSubmissionsMayUseItsSlotsAgain(int depth) {
        TestDisk.Client client = disk.client(depth);
        int[] left = {1000};
        disk.driver.submit = (self, request) -> {
            disk.driver.serve(request);
            client.queue.pollCompletions((slot, status) -> client.queue.free(slot), 1);
            if (left[0]-- > 0) {
                client.flush();
            }
            return 0;
        };
        for (int i = 0; i < depth; i++) {
            client.flush();
        }
        Waits.until("all rounds", () -> {
            disk.cycle();
            return client.queue.freeSlots() == depth;
        });
        assertTrue(left[0] <= 0);
    }

    @Test
    void pollingReturnsFewerThanTheLimitOnlyIfNoneIsLeft() {
        TestDisk.Client client = disk.client(64);
        for (int round = 0; round < 200; round++) { // the batch lies across the ring's end in some rounds
            int n = 1 + round % 64;
            for (int i = 0; i < n; i++) {
                client.flush();
            }
            Waits.until("all are done", () -> {
                disk.cycle();
                return client.queue.running() == 0 && !disk.driven.hasWork();
            });
            assertEquals(n, client.queue.pollCompletions((slot, status) -> client.queue.free(slot), 64));
        }
        for (int i = 0; i < 10; i++) {
            client.flush();
        }
        disk.cycle();
        assertEquals(3, client.queue.pollCompletions((slot, status) -> client.queue.free(slot), 3));
        assertEquals(7, client.queue.pollCompletions((slot, status) -> client.queue.free(slot), 100));
        assertEquals(0, client.queue.pollCompletions((slot, status) -> client.queue.free(slot), 100));
    }

    @Test
    void slotsAreNotMisused() {
        Virtqueue queue = disk.client(2).queue;
        assertThrows(IllegalStateException.class, () -> queue.submit(0, BlockOp.FLUSH, 0, 0, 0), "not acquired");
        assertThrows(IllegalStateException.class, () -> queue.free(1), "not acquired");
        int slot = queue.acquire();
        queue.submit(slot, BlockOp.FLUSH, 0, 0, 0);
        IllegalStateException twice =
                assertThrows(IllegalStateException.class, () -> queue.submit(slot, BlockOp.FLUSH, 0, 0, 0));
        assertTrue(
                twice.getMessage().contains("root0") && twice.getMessage().contains("under way"), twice.getMessage());
        assertThrows(IllegalStateException.class, () -> queue.free(slot), "under way");
        disk.cycle();
        assertEquals(1, queue.pollCompletions((done, status) -> queue.free(done), 10));
        assertThrows(IllegalStateException.class, () -> queue.free(slot), "free already");
        assertEquals(2, queue.freeSlots());
        int other = queue.acquire();
        queue.free(other); // never submitted
        assertEquals(2, queue.freeSlots());
        assertThrows(IllegalArgumentException.class, () -> disk.client(0));
    }

    @Test
    void aRequestStartsWithoutWhatItsLastUseLeft() {
        TestDisk.Client client = disk.client(1);
        List<String> seen = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            seen.add(request.step() + " " + request.cursor() + " " + request.frame());
            request.step(3);
            request.cursor(4096);
            request.frame("left over");
            request.shift(512);
            return disk.driver.serve(request);
        };
        client.io(BlockOp.READ, 0, 512);
        client.io(BlockOp.READ, 0, 512);
        assertEquals(List.of("0 0 null", "0 0 null"), seen);
        Request idle = client.queue.request(0);
        assertNull(idle.at);
        assertNull(idle.route, "an idle request keeps no version alive");
        assertNull(idle.buffer);
    }

    /** A producer thread, an IOThread, requests that complete at random: each slot completes once a submission. */
    @Test
    void eachSubmissionCompletesOnceAcrossThreads() {
        IoThread thread = disk.started("io0");
        List<Request> held = new ArrayList<>();
        Random random = new Random(1);
        disk.driver.submit = (self, request) -> {
            held.add(request);
            while (!held.isEmpty() && (held.size() > 8 || random.nextInt(3) == 0)) {
                held.remove(random.nextInt(held.size())).complete(0);
            }
            return 0;
        };
        TestDisk.Client client = disk.client(disk.device, thread, 16);
        HashSet<Integer> underWay = new HashSet<>();
        int done = 0;
        long end = System.nanoTime() + Waits.LONG.toNanos();
        while (done < 20_000 && System.nanoTime() - end < 0) {
            while (client.queue.freeSlots() > 2) {
                assertTrue(underWay.add(client.flush()));
            }
            client.poll();
            for (int slot : client.completed) {
                assertTrue(underWay.remove(slot), "slot " + slot + " completed twice");
                done++;
            }
            client.completed.clear();
        }
        thread.execute(() -> {
            held.forEach(request -> request.complete(0));
            held.clear();
            disk.driver.submit = (self, request) -> disk.driver.serve(request);
        });
        client.await(underWay.size());
        assertEquals(16, client.queue.freeSlots());
        assertTrue(done >= 20_000);
    }
}
