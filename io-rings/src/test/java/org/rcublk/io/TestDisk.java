// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.rcu.ReaderIndex;

/**
 * A graph with one disk, and what it takes to send requests to it: production classes throughout. The disk's IOThread is
 * one of its own ({@link #started}) or is driven by the test's thread ({@link #cycle}).
 */
final class TestDisk implements AutoCloseable {
    static final Duration LONG = Waits.LONG;
    static final Duration SHORT = Waits.SHORT;

    final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    final RcuAdmission admission = new RcuAdmission(live);
    final ScriptedDriver driver = new ScriptedDriver();
    final Device device;
    final AtomicInteger notified = new AtomicInteger();
    private final ReaderIndex reader = ReaderIndex.acquire();
    final IoThread driven = IoThread.driven("driven", owner -> new NoEngine(), reader);
    private final List<IoThread> threads = new ArrayList<>();

    TestDisk() {
        CapturedLogs.forget();
        add("disk0", driver);
        device = attach("root0", "disk0", true);
    }

    void add(String name, ScriptedDriver state, Edge... children) {
        live.commit(AddNodes.of(BlockNode.of(name, "scripted", state, children)), LONG);
    }

    Device attach(String id, String node, boolean writable) {
        Device root = new Device(id, admission);
        live.commit(new AttachRoot(new GraphRoot(id, node, writable, root)), LONG);
        return root;
    }

    void detach(String id) {
        live.commit(new DetachRoot(id), LONG);
    }

    Drain<PlanNode> drain(String node) {
        return live.drain(List.of(node), LONG);
    }

    /** A running IOThread that sleeps as soon as it has nothing to do. */
    IoThread started(String name) {
        return started(new IoThread(name, owner -> new NoEngine(), 0));
    }

    IoThread started(IoThread thread) {
        threads.add(thread);
        return thread.start();
    }

    /** A queue of the disk on the driven IOThread. */
    Client client(int depth) {
        return client(device, driven, depth);
    }

    Client client(Device of, IoThread thread, int depth) {
        return new Client(of.openQueue(thread, depth, notified::incrementAndGet), thread == driven);
    }

    void cycle() {
        driven.doWork();
    }

    /** Nothing of the device is under way and the counters balance. */
    void assertQuiet() {
        assertEquals(0, device.domain().openSections(), "open sections");
        assertEquals(0, device.parkedRequests(), "parked");
        device.queues().forEach(queue -> assertEquals(0, queue.running(), "running"));
    }

    @Override
    public void close() {
        threads.forEach(IoThread::close);
        reader.close();
    }

    /** The producer of a queue: submits, and records how often each slot completed. */
    final class Client {
        final Virtqueue queue;
        final List<Integer> completed = new ArrayList<>();
        final int[] status;
        private final boolean drives;

        Client(Virtqueue queue, boolean drives) {
            this.queue = queue;
            this.drives = drives;
            this.status = new int[queue.depth()];
        }

        int submit(BlockOp op, long offset, long length) {
            return submit(op, offset, length, op.hasPayload() ? ByteBuffer.allocate((int) length) : null);
        }

        int submit(BlockOp op, long offset, long length, ByteBuffer buffer) {
            return submit(op, 0, offset, length, buffer, 0);
        }

        int submit(BlockOp op, int flags, long offset, long length, ByteBuffer buffer, int bufferOffset) {
            int slot = queue.acquire();
            queue.request(slot).attach(buffer, bufferOffset);
            queue.submit(slot, op, flags, offset, length);
            queue.kick();
            return slot;
        }

        int flush() {
            return submit(BlockOp.FLUSH, 0, 0);
        }

        /** Takes what has completed, frees the slots, and says how many there were. */
        int poll() {
            if (drives) {
                cycle();
            }
            return queue.pollCompletions(
                    (slot, result) -> {
                        completed.add(slot);
                        status[slot] = result;
                        queue.free(slot);
                    },
                    Integer.MAX_VALUE);
        }

        /** Waits for some completions. */
        void await(int count) {
            int before = completed.size();
            Waits.until(count + " completions", () -> {
                poll();
                return completed.size() - before >= count;
            });
        }

        /** One request to its end. */
        int io(BlockOp op, long offset, long length, ByteBuffer buffer) {
            return io(op, 0, offset, length, buffer, 0);
        }

        int io(BlockOp op, int flags, long offset, long length, ByteBuffer buffer, int bufferOffset) {
            int slot = submit(op, flags, offset, length, buffer, bufferOffset);
            await(1);
            assertEquals(slot, completed.get(completed.size() - 1));
            return status[slot];
        }

        int io(BlockOp op, long offset, long length) {
            return io(op, offset, length, op.hasPayload() ? ByteBuffer.allocate((int) length) : null);
        }
    }

    /** For disks that need no storage. */
    static class NoEngine implements StorageEngine {
        @Override
        public void submit(Request request, StorageTarget target) {
            throw new IllegalStateException("this disk needs no storage");
        }

        @Override
        public void flush() {}

        @Override
        public int poll() {
            return 0;
        }

        @Override
        public boolean hasCompletions() {
            return false;
        }

        @Override
        public int outstanding() {
            return 0;
        }
    }
}
