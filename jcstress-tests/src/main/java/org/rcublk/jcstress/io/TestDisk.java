// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.io;

import java.time.Duration;
import java.util.List;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.Request;
import org.rcublk.io.StorageEngine;
import org.rcublk.io.StorageTarget;
import org.rcublk.io.Virtqueue;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/** A disk with one virtqueue, on an IOThread that the test drives or on a real one: production classes from ring to driver. */
class TestDisk extends BlockDriver {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** One for all: a state is used by one actor at a time as its IOThread, and domains are a state's own. */
    private static final ReaderIndex READER = ReaderIndex.acquire();

    private final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    private final IoThread thread;
    private final Device device;
    private final Virtqueue queue;
    private final Runnable onRequest;

    /** Counted on the IOThread; read after the actors. */
    volatile int runs;

    TestDisk(Runnable onRequest) {
        this(onRequest, IoThread.driven("test", owner -> new NoEngine(), READER));
    }

    TestDisk(Runnable onRequest, IoThread thread) {
        this.onRequest = onRequest;
        this.thread = thread;
        live.commit(AddNodes.of(BlockNode.of("disk0", "test", this)), PATIENCE);
        device = new Device("root0", new RcuAdmission(live));
        live.commit(new AttachRoot(new GraphRoot("root0", "disk0", true, device)), PATIENCE);
        queue = device.openQueue(thread, 4, () -> {});
    }

    /** An IOThread with a thread of its own, which sleeps as soon as it is idle. */
    static IoThread started() {
        return new IoThread("test", owner -> new NoEngine(), 0).start();
    }

    /** Puts a filter over the disk. */
    void filter(String name, BlockDriver filter) {
        live.commit(new InsertFilter("disk0", BlockNode.filter(name, filter.driverName(), filter, "disk0")), PATIENCE);
    }

    /** Submits a request that changes something, of no length. */
    void discard() {
        queue.submit(queue.acquire(), BlockOp.DISCARD, 0, 0, 0);
    }

    /** The domain that counts this disk's requests. */
    ReadDomain domain() {
        return device.domain();
    }

    Drain<PlanNode> drain() {
        return drain(PATIENCE);
    }

    Drain<PlanNode> drain(Duration patience) {
        return live.drain(List.of("disk0"), patience);
    }

    void submit() {
        queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
    }

    /** The disk's queue. */
    Virtqueue queue() {
        return queue;
    }

    /** Another IOThread that the test drives. */
    static IoThread driven(ReaderIndex reader) {
        return IoThread.driven("other", owner -> new NoEngine(), reader);
    }

    void kick() {
        queue.kick();
    }

    /** Gives the slots of completed requests back. */
    void reap() {
        queue.pollCompletions((slot, status) -> queue.free(slot), queue.depth());
    }

    void cycle() {
        thread.doWork();
    }

    @Override
    public String driverName() {
        return "test";
    }

    @Override
    public long size(PlanNode self) {
        return 0;
    }

    @Override
    public int submit(PlanNode self, Request request) {
        onRequest.run();
        count();
        request.complete(0);
        return 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the IOThread alone
    final void count() {
        runs++;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private static final class NoEngine implements StorageEngine {
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
