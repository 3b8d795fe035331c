// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.driver.testkit.DiskClient;
import org.rcublk.driver.testkit.HeldWrites;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.Reopen;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * Changes and drains over a backlog that is never due, since the throttle's clock stands still: what ends here was let go
 * (guarantee G, hazards H15 to H17). Each test hangs until its deadline if the hook, or the look after enlisting, is
 * taken out.
 */
@Timeout(120)
class ThrottleGateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int BACKLOG = 24;

    private final AtomicLong clock = new AtomicLong();
    private final ThrottleDriver throttle = new ThrottleDriver(ThrottleLimits.iops(ThrottleLimit.of(20)), clock::get);
    private final TestDisk disk = TestDisk.empty(2);

    @BeforeEach
    void build() {
        disk.add(Map.of("driver", "memory", "node-name", "disk0", "size", "1M"));
        disk.add(BlockNode.filter("t0", "throttle", throttle, "disk0"));
        disk.attach("t0", true);
    }

    @AfterEach
    void close() {
        assertEquals(0, throttle.held());
        disk.close();
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, what);
            LockSupport.parkNanos(50_000);
        }
    }

    /** Requests that a client has under way. */
    private static final class Load {
        final DiskClient client;
        final List<Integer> slots = new ArrayList<>();

        Load(DiskClient client) {
            this.client = client;
        }

        void submit(int count) {
            for (int i = 0; i < count; i++) {
                slots.add(client.submitWrite(512L * i, new byte[] {(byte) i}));
            }
        }

        void awaitAll() {
            slots.forEach(slot -> assertEquals(0, client.await(slot)));
            slots.clear();
        }
    }

    /** Empties the room of the bucket, so that everything later is held. */
    private void fill() {
        Load load = new Load(disk.client(0));
        load.submit(3);
        load.awaitAll();
        assertEquals(0, throttle.held());
    }

    @Test
    void otherLimitsHoldForWhatComesLaterAndLetGoWhatWaits() {
        Load waiting = backlog().getFirst();
        assertTrue(throttle.held() > 0);
        Reopen.Reopened faster = new Reopen.Reopened(
                "t0",
                io.vavr.collection.HashMap.of("limits.iops-total", 1_000_000),
                ThrottleDriver.settings(ThrottleLimits.iops(ThrottleLimit.of(1_000_000))),
                false);
        disk.commit(new Reopen(List.of(faster)));
        waiting.awaitAll();
        waiting.submit(BACKLOG);
        waiting.awaitAll(); // the clock stands still: with the old limit all of them would be held
        assertEquals(0, throttle.held());
    }

    private List<Load> backlog() {
        fill();
        List<Load> loads = List.of(new Load(disk.client(0)), new Load(disk.client(1)));
        loads.forEach(load -> load.submit(BACKLOG));
        until("all are held", () -> throttle.held() == 2 * BACKLOG);
        return loads;
    }

    @Test
    void whoeverWaitsWithoutAGateLetsTheBacklogGoToo() {
        List<Load> loads = backlog();
        disk.live().flushInFlight(List.of("disk0"), PATIENCE);
        assertEquals(0, throttle.held());
        loads.forEach(Load::awaitAll);
        Load later = new Load(disk.client(0));
        later.submit(1);
        until("the throttle holds again", () -> throttle.held() == 1);
        disk.live().drain(List.of("t0"), PATIENCE).close();
        later.awaitAll();
    }

    /** It comes to the throttle when that has been told already, and has to look for itself. */
    @Test
    void whatComesLateIsNotHeldEitherWhileSomebodyWaits() throws Exception {
        fill();
        HeldWrites above = new HeldWrites();
        disk.commit(new InsertFilter("t0", BlockNode.filter("h0", "held-writes", above, "t0")));
        above.hold();
        Load late = new Load(disk.client(0));
        late.submit(1);
        until("it is above the throttle", () -> above.held() == 1);
        CompletableFuture<Void> wait =
                CompletableFuture.runAsync(() -> disk.live().flushInFlight(List.of("disk0"), PATIENCE));
        until("somebody waits", () -> disk.device().waitedFor());
        above.letGo();
        wait.get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
        late.awaitAll();
    }

    /** One root's copy is held; a write of another root waits for it, and a change of that one's filter waits for that. */
    @Test
    void aCopyThatAnotherRootsRequestWaitsForIsLetGo() {
        disk.commit(new DetachRoot("disk"));
        disk.renewDevice();
        disk.add(Map.of("driver", "overlay", "node-name", "top", "backing", "t0"));
        disk.add(BlockNode.filter("f1", "passthrough", new PassthroughDriver(), "top"));
        Device one = disk.attach("one", "f1");
        Device two = disk.attach("two", "top");
        DiskClient copier = disk.client(two, 1, 16);
        List<Integer> copies = new ArrayList<>();
        for (int cluster = 0; cluster < 4; cluster++) {
            copies.add(copier.submitWrite(65536L * cluster, new byte[] {1}));
        }
        until("the last copy is held", () -> throttle.held() == 1);
        DiskClient waiter = disk.client(one, 0, 16);
        int waiting = waiter.submitWrite(65536L * 3 + 512, new byte[] {2});
        until("the other root's write waits", () -> one.inFlight().size() == 1);
        disk.commit(new DropFilter("f1"));
        assertEquals(0, waiter.await(waiting));
        copies.forEach(copier::await);
        disk.commit(new DetachRoot("one"));
        disk.commit(new DetachRoot("two"));
    }

    @Test
    void anotherRootsOwnRequestsKeepTheirTimes() {
        Device other = disk.attach("other", "t0");
        List<Load> loads = backlog();
        Load its = new Load(disk.client(other, 0, 64));
        its.submit(2);
        until("they are held as well", () -> throttle.held() == 2 * BACKLOG + 2);
        disk.commit(new DetachRoot("disk"));
        loads.forEach(Load::awaitAll);
        assertEquals(2, throttle.held());
        disk.commit(new DetachRoot("other"));
        its.awaitAll();
        disk.renewDevice();
    }

    @Test
    void aDrainOfTheThrottleLetsItsBacklogGo() {
        List<Load> loads = backlog();
        try (Drain<PlanNode> _ = disk.live().drain(List.of("t0"), PATIENCE)) {
            assertEquals(0, throttle.held());
            loads.forEach(Load::awaitAll);
        }
        Load later = new Load(disk.client(0));
        later.submit(1);
        until("the throttle holds again", () -> throttle.held() == 1);
        disk.live().drain(List.of("t0"), PATIENCE).close();
        later.awaitAll();
    }

    @Test
    void aDrainOfANodeBelowDoesToo() {
        List<Load> loads = backlog();
        disk.live().drain(List.of("disk0"), PATIENCE).close();
        loads.forEach(Load::awaitAll);
    }

    @Test
    void twoQuickDrainsAfterOneAnotherLoseAndDoubleNothing() {
        for (int round = 0; round < 20; round++) {
            List<Load> loads = round == 0 ? backlog() : List.of(new Load(disk.client(0)), new Load(disk.client(1)));
            if (round > 0) {
                loads.forEach(
                        load -> load.submit(BACKLOG)); // some are admitted before a gate, some between, some after
            }
            disk.live().drain(List.of("t0"), PATIENCE).close();
            disk.live().drain(List.of("t0"), PATIENCE).close();
            until("all have been admitted", () -> throttle.held() + done(loads) == 2 * BACKLOG);
            disk.live().drain(List.of("t0"), PATIENCE).close();
            loads.forEach(Load::awaitAll);
        }
    }

    private static int done(List<Load> loads) {
        int done = 0;
        for (Load load : loads) {
            for (int slot : load.slots) {
                done += load.client.isDone(slot) ? 1 : 0;
            }
        }
        return done;
    }

    @Test
    void anOverlayIsAppendedUnderIt() {
        List<Load> loads = backlog();
        disk.add(Map.of("driver", "overlay", "node-name", "snap", "size", "1M"));
        disk.commit(new AppendOverlay("disk0", "snap"));
        loads.forEach(Load::awaitAll);
        assertEquals(
                "snap",
                disk.live().current().graph().node("t0").children().get(0).child());
    }

    @Test
    void theThrottleItselfIsDropped() {
        List<Load> loads = backlog();
        disk.commit(new DropFilter("t0"));
        loads.forEach(Load::awaitAll);
        Load later = new Load(disk.client(1));
        later.submit(BACKLOG);
        later.awaitAll();
        assertTrue(disk.live().awaitClosed(PATIENCE), "no request and no timer keeps the throttle");
    }

    @Test
    void aDetachedRootsRequestsGoOnAndEnd() {
        List<Load> loads = backlog();
        disk.commit(new DetachRoot("disk"));
        loads.forEach(Load::awaitAll);
        disk.commit(new RemoveNode("t0"));
        assertTrue(disk.live().awaitClosed(PATIENCE));
        disk.renewDevice();
    }

    @Test
    void onlyTheDrainedRootsRequestsGo() {
        disk.add(BlockNode.filter("above", "passthrough", new PassthroughDriver(), "t0"));
        Device other = disk.attach("other", "above");
        List<Load> loads = backlog();
        Load drained = new Load(disk.client(other, 0, 64));
        drained.submit(BACKLOG);
        until("all are held", () -> throttle.held() == 3 * BACKLOG);
        try (Drain<PlanNode> _ = disk.live().drain(List.of("above"), PATIENCE)) {
            drained.awaitAll();
            assertEquals(2 * BACKLOG, throttle.held(), "the other root's stay");
            assertEquals(0, done(loads));
            assertEquals(0, disk.device().parkedTotal());
        }
        clock.set(TimeUnit.MINUTES.toNanos(1)); // none is delayed either: their times are what they were
        loads.forEach(Load::awaitAll);
        assertEquals(0, disk.device().parkedTotal());
        disk.commit(new DetachRoot("other"));
    }

    @Test
    void aRequestThatComesUnderTheGateIsNotHeld() throws Exception {
        Latecomer late = new Latecomer();
        disk.add(BlockNode.filter("late", "late", late, "t0"));
        Device above = disk.attach("above", "late");
        fill();
        Load load = new Load(disk.client(above, 1, 4));
        load.submit(1);
        until("it waits above", () -> late.waiting != null);
        AtomicBoolean gated = new AtomicBoolean(); // told after the hook was called, which found nothing to let go
        disk.live().addListener(told -> gated.compareAndSet(false, told.kind() == Publication.Kind.GATE));
        CompletableFuture<Void> drained = CompletableFuture.runAsync(
                () -> disk.live().drain(List.of("t0"), PATIENCE).close());
        until("the gate is on", gated::get);
        Request waiting = late.waiting;
        waiting.resume();
        load.awaitAll();
        drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        disk.commit(new DetachRoot("above"));
    }

    @Test
    void aFlushPassesWhatIsHeldAndRunsOnce() {
        List<Load> loads = backlog();
        DiskClient flusher = disk.client(0);
        assertEquals(0, flusher.call(BlockOp.FLUSH, 0, 0, 0));
        assertEquals(2 * BACKLOG, throttle.held());
        assertEquals(0, done(loads));
        disk.live().drain(List.of("t0"), PATIENCE).close();
        loads.forEach(Load::awaitAll);
    }

    /** Hazard H17: the node below has a timer of its own for each request, and a request has one at a time. */
    @Test
    void whatIsLetGoLeavesItsTimerBehind() {
        ThrottleDriver another = new ThrottleDriver(ThrottleLimits.iops(ThrottleLimit.of(20)), clock::get);
        disk.add(Map.of("driver", "null-co", "node-name", "null0", "size", "1M", "latency-ns", 1000));
        disk.add(BlockNode.filter("t1", "throttle", another, "null0"));
        Device root = disk.attach("root1", "t1");
        Load load = new Load(disk.client(root, 0, 64));
        load.submit(3 + BACKLOG);
        until("all but the first are held", () -> another.held() == BACKLOG);
        disk.live().drain(List.of("t1"), PATIENCE).close();
        load.awaitAll();
        disk.commit(new DetachRoot("root1"));
        disk.commit(new RemoveNode("t1"));
        disk.commit(new RemoveNode("null0"));
    }

    /** Hazard H16: a write to an overlay waits for what its child reads through the throttle. */
    @Test
    void childrenOfACompoundRequestAreLetGoWithTheirRoot() {
        ThrottleDriver another = new ThrottleDriver(ThrottleLimits.iops(ThrottleLimit.of(20)), clock::get);
        disk.add(Map.of("driver", "memory", "node-name", "base", "size", "1M"));
        disk.add(BlockNode.filter("t1", "throttle", another, "base"));
        disk.add(Map.of("driver", "overlay", "node-name", "top", "backing", "t1"));
        Device root = disk.attach("root1", "top");
        Load load = new Load(disk.client(root, 0, 16));
        for (int i = 0; i < 10; i++) {
            load.slots.add(load.client.submitWrite(65536L * i, new byte[] {1}));
        }
        until("children are held", () -> another.held() == 7);
        try (Drain<PlanNode> _ = disk.live().drain(List.of("base"), PATIENCE)) {
            load.awaitAll();
        }
        disk.commit(new DetachRoot("root1"));
        disk.commit(new RemoveNode("top"));
        disk.commit(new RemoveNode("t1"));
        disk.commit(new RemoveNode("base"));
    }

    @Test
    void discardsAndZeroesAreWritesAndReadsAreOfTheTotal() {
        fill();
        DiskClient client = disk.client(0);
        List<Integer> slots = List.of(
                client.submit(BlockOp.DISCARD, 0, 0, 512, null),
                client.submit(BlockOp.WRITE_ZEROES, 0, 512, 512, null),
                client.submit(BlockOp.READ, 0, 0, 1, java.nio.ByteBuffer.allocate(1)));
        until("all are held", () -> throttle.held() == 3);
        slots.forEach(slot -> assertFalse(client.isDone(slot)));
        disk.live().drain(List.of("t0"), PATIENCE).close();
        slots.forEach(slot -> assertEquals(0, client.await(slot)));
    }

    @Test
    void aRealClockKeepsTheRateOverTwoIoThreads() {
        ThrottleDriver real = new ThrottleDriver(ThrottleLimits.iops(ThrottleLimit.of(1000)));
        disk.add(BlockNode.filter("t1", "throttle", real, "disk0"));
        Device root = disk.attach("real", "t1");
        List<Load> loads = List.of(new Load(disk.client(root, 0, 200)), new Load(disk.client(root, 1, 200)));
        long start = System.nanoTime();
        loads.forEach(load -> load.submit(200));
        loads.forEach(Load::awaitAll);
        long took = System.nanoTime() - start;
        assertTrue(took >= TimeUnit.MILLISECONDS.toNanos(299), "400 at 1000 a second, 101 of them at once: " + took);
        disk.commit(new DetachRoot("real"));
        disk.commit(new RemoveNode("t1"));
    }

    /** Keeps one request until it is resumed. */
    private static final class Latecomer extends BlockDriver {
        volatile Request waiting;

        @Override
        public String driverName() {
            return "late";
        }

        @Override
        public long size(PlanNode self) {
            return self.main().size();
        }

        @Override
        public int submit(PlanNode self, Request request) {
            waiting = request;
            return 0;
        }

        @Override
        public void resumed(PlanNode self, Request request) {
            // As a compound request does that was under way before the gate: part of it comes through the throttle now.
            request.submitTo(self.main());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
