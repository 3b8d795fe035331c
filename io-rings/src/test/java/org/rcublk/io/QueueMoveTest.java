// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.Drain;

/** A queue handed to another IOThread loses nothing and runs nothing twice (guarantee H). */
@Timeout(120)
class QueueMoveTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new ArrayList<>();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    private static boolean moved(CompletableFuture<Boolean> move) {
        Waits.until("the hand-over is over", move::isDone);
        return move.join();
    }

    private CompletableFuture<Boolean> move(TestDisk.Client client, IoThread target, Duration patience) {
        return client.queue.moveTo(target, patience).toCompletableFuture();
    }

    private void hold() {
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
    }

    private void begun(TestDisk.Client client) {
        Waits.until("the hand-over has begun", () -> {
            disk.cycle();
            return client.queue.moving();
        });
    }

    @Test
    void aTargetThatDoesNotRunGetsNothing() {
        TestDisk.Client client = disk.client(2);
        IoThread stopped = new IoThread("stopped", owner -> new TestDisk.NoEngine(), 0);
        CompletableFuture<Boolean> move = move(client, stopped, Duration.ofMillis(5));
        Waits.until("it gives up", () -> {
            disk.cycle();
            return move.isDone();
        });
        assertFalse(move.join());
        client.flush();
        client.await(1);
    }

    @Test
    void itWaitsForWhatRunsAndTakesWhatWaits() {
        hold();
        TestDisk.Client client = disk.client(4);
        client.flush();
        disk.cycle();
        assertEquals(1, held.size());
        IoThread target = disk.started("target");
        CompletableFuture<Boolean> move = move(client, target, TestDisk.LONG);
        begun(client);
        client.flush(); // waits in the ring
        for (int i = 0; i < 10; i++) {
            disk.cycle();
        }
        assertFalse(move.isDone());
        assertEquals(1, held.size(), "nothing is taken meanwhile");
        assertEquals(disk.driven, client.queue.thread());
        Set<String> ranOn = ConcurrentHashMap.newKeySet();
        disk.driver.submit = (self, request) -> {
            ranOn.add(Thread.currentThread().getName());
            return disk.driver.serve(request);
        };
        held.get(0).complete(0);
        disk.cycle();
        assertTrue(moved(move));
        assertEquals(target, client.queue.thread());
        client.await(2);
        assertEquals(Set.of("target"), ranOn);
        client.flush();
        client.await(1);
    }

    @Test
    void parkedRequestsMoveAndRunOnceAfterTheGate() {
        TestDisk.Client client = disk.client(8);
        IoThread target = disk.started("target");
        try (Drain<PlanNode> drain = disk.drain("disk0")) {
            assertNotNull(drain);
            for (int i = 0; i < 5; i++) {
                client.flush();
                disk.cycle();
            }
            assertEquals(5, client.queue.parked());
            CompletableFuture<Boolean> move = move(client, target, TestDisk.LONG);
            Waits.until("the hand-over is over", () -> {
                disk.cycle();
                return move.isDone();
            });
            assertTrue(moved(move));
            client.flush(); // parks on the target
            Waits.until("it is parked", () -> client.queue.parked() == 6);
        }
        client.await(6);
        assertEquals(6, disk.device.parkedTotal());
    }

    @Test
    void aQueueWhoseRequestsDoNotEndStaysAndServes() {
        hold();
        TestDisk.Client client = disk.client(4);
        client.flush();
        disk.cycle();
        IoThread target = disk.started("target");
        CompletableFuture<Boolean> move = move(client, target, Duration.ofMillis(5));
        CompletableFuture<Boolean> second = move(client, target, TestDisk.LONG);
        Waits.until("it gives up", () -> {
            disk.cycle();
            return move.isDone() && second.isDone();
        });
        assertFalse(move.join());
        assertFalse(second.join(), "one hand-over at a time");
        assertEquals(disk.driven, client.queue.thread());
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
        held.get(0).complete(0);
        client.flush();
        client.await(2);
    }

    @Test
    void aClosingQueueDoesNotMoveAndACloseFindsTheQueueThatMoved() {
        hold();
        TestDisk.Client client = disk.client(2);
        client.flush();
        disk.cycle();
        IoThread target = disk.started("target");
        CompletableFuture<Boolean> move = move(client, target, TestDisk.LONG);
        begun(client);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        client.queue.close(() -> closed.complete(target.isCurrent())); // it hands over first
        held.get(0).complete(0);
        Waits.until("closed", () -> {
            disk.cycle();
            return closed.isDone();
        });
        assertTrue(moved(move));
        assertTrue(moved(closed), "closed on the IOThread that had it");
        client.await(1);
        CompletableFuture<Boolean> late = move(client, target, TestDisk.LONG);
        assertFalse(moved(late));
    }

    @Test
    void itGoesToAndFroUnderLoad() {
        IoThread one = disk.started("one");
        IoThread two = disk.started("two");
        TestDisk.Client client = disk.client(disk.device, one, 8);
        for (int round = 0; round < 200; round++) {
            CompletableFuture<Boolean> move = move(client, round % 2 == 0 ? two : one, TestDisk.LONG);
            for (int i = 0; i < 8; i++) {
                client.flush();
            }
            client.await(8);
            assertTrue(moved(move));
        }
    }
}
