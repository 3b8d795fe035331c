// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveNode;

/**
 * Changes that begin while another one drains, because of what that drain brings about: a parent that removes itself when
 * its last request ends (hazard H28), a listener that wants a change of its own, drains with nothing to wait for and in
 * quick succession (hazard H30).
 */
@Timeout(60)
class DrainReentryTest {
    private final TestDisk disk = new TestDisk();
    private final List<Request> held = new ArrayList<>();
    private final List<CompletableFuture<?>> changes = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (CompletableFuture<?> change : changes) {
            change.get(Waits.LONG.toSeconds(), TimeUnit.SECONDS);
        }
        disk.assertQuiet();
        disk.close();
    }

    private void elsewhere(GraphChange change) {
        changes.add(CompletableFuture.supplyAsync(() -> disk.live.commit(change, Waits.LONG)));
    }

    private ScriptedDriver passing() {
        ScriptedDriver filter = new ScriptedDriver();
        filter.submit = (self, request) -> self.main().submit(request);
        return filter;
    }

    private ScriptedDriver insert(String name) {
        ScriptedDriver filter = passing();
        disk.live.commit(new InsertFilter("disk0", BlockNode.filter(name, "scripted", filter, "disk0")), Waits.LONG);
        return filter;
    }

    private void hold() {
        disk.driver.submit = (self, request) -> {
            held.add(request);
            return 0;
        };
    }

    /**
     * The parent of the drained node is a compound driver, and wants itself dropped when its child request completes, which
     * the drain is waiting for. The drained graph stands still until the drain is over; then the parent goes.
     */
    @Test
    void aParentRemovesItselfWhileItsChildIsDrained() throws Exception {
        ScriptedDriver parent = insert("parent");
        parent.submit = (self, request) -> {
            request.fork(self, BlockOp.FLUSH, 0, 0).submitTo(self.main());
            return 0;
        };
        parent.childCompleted = (self, request, child) -> {
            elsewhere(new DropFilter("parent"));
            request.complete(child.status());
        };
        hold();
        TestDisk.Client client = disk.client(4);
        client.flush();
        disk.cycle();
        Waits.Started<Boolean> drain = Waits.onThread(() -> {
            try (Drain<PlanNode> _ = disk.drain("disk0")) {
                return disk.live.current().graph().find("parent") != null;
            }
        });
        drain.untilItWaits();
        assertFalse(drain.task().isDone());
        held.get(0).complete(0);
        assertTrue(Waits.get(drain.task()), "the drained graph does not change under the drain");
        client.await(1);
        changes.get(0).get(Waits.LONG.toSeconds(), TimeUnit.SECONDS);
        assertNull(disk.live.current().graph().find("parent"));
        assertTrue(disk.live.awaitClosed(Waits.LONG));
        assertTrue(parent.closed);
        disk.driver.submit = (self, request) -> disk.driver.serve(request);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    /** The root above the drained node goes with its last request: the drain ends, and finds no root any more. */
    @Test
    void aRootIsDetachedByTheCompletionThatADrainWaitsFor() throws Exception {
        hold();
        TestDisk.Client client = disk.client(4);
        client.flush();
        disk.cycle();
        Waits.Started<Boolean> drain = Waits.onThread(() -> {
            try (Drain<PlanNode> _ = disk.drain("disk0")) {
                return true;
            }
        });
        drain.untilItWaits();
        elsewhere(new DetachRoot("root0"));
        changes.get(0).get(Waits.LONG.toSeconds(), TimeUnit.SECONDS); // waits for no gate
        assertFalse(drain.task().isDone(), "its request is waited for all the same");
        held.get(0).complete(0);
        assertTrue(Waits.get(drain.task()));
        client.await(1);
        assertNull(disk.live.current().route("root0"));
        disk.live.commit(new RemoveNode("disk0"), Waits.LONG);
        assertTrue(disk.live.awaitClosed(Waits.LONG));
    }

    /** Each insertion has a listener remove what was inserted, on another thread, while the inserter already goes on. */
    @Test
    void aListenerBeginsChangesOnAnotherThread() {
        disk.live.addListener(told -> {
            if (told.kind() == Publication.Kind.CHANGE && told.description().startsWith("insert")) {
                String name = told.graph()
                        .nodes()
                        .keySet()
                        .find(n -> n.startsWith("f"))
                        .getOrNull();
                if (name != null) {
                    changes.add(CompletableFuture.runAsync(() -> dropIfThere(name)));
                }
            }
        });
        TestDisk.Client client = disk.client(4);
        for (int i = 0; i < 20; i++) {
            insert("f" + i);
            assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        }
        assertEquals(20, changes.size());
        Waits.until("the last change", () -> changes.stream().allMatch(CompletableFuture::isDone));
        changes.forEach(CompletableFuture::join);
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
    }

    private void dropIfThere(String name) {
        try {
            disk.live.commit(new DropFilter(name), Waits.LONG);
        } catch (GraphException e) {
            // dropped by another
        }
    }

    @Test
    void aRootWithoutTrafficIsDrainedAtOnceWhateverItsIoThreadDoes() {
        Device idle = disk.attach("idle", "disk0", true);
        disk.client(idle, disk.driven, 4); // its IOThread makes no cycle at all
        disk.attach("queueless", "disk0", false);
        for (int i = 0; i < 100; i++) {
            disk.drain("disk0").close();
        }
        insert("f0");
        disk.live.commit(new DropFilter("f0"), Waits.LONG);
        assertTrue(disk.live.awaitClosed(Waits.LONG));
    }
}
