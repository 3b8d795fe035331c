// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.rcublk.graph.BlockNode;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/** A disk in memory that a test can make hold requests back or fail them, and that remembers what it was asked. */
final class TestDisk extends BlockDriver {
    private final byte[] bytes;
    private final AtomicInteger outstanding = new AtomicInteger();

    /** Operation and flags of each request, in order. */
    final Queue<String> log = new ConcurrentLinkedQueue<>();

    final Queue<Request> held = new ConcurrentLinkedQueue<>();
    volatile Predicate<Request> hold = request -> false;
    volatile int failWith;
    volatile boolean logging = true;

    TestDisk(int size) {
        bytes = new byte[size];
    }

    byte[] content() {
        return bytes;
    }

    int outstanding() {
        return outstanding.get();
    }

    /** Lets everything go that is held, and holds nothing from now on. */
    void releaseAll() {
        hold = request -> false;
        for (Request request = held.poll(); request != null; request = held.poll()) {
            request.resume();
        }
    }

    @Override
    public String driverName() {
        return "test-disk";
    }

    @Override
    public long size(PlanNode self) {
        return bytes.length;
    }

    /** All: the tests look at what the driver is given. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        if (logging) {
            log.add(request.op() + "/" + request.flags());
        }
        if (hold.test(request)) {
            held.add(request);
            outstanding.incrementAndGet(); // behind it: whoever sees the count may let go what is held
            if (!hold.test(request) && held.remove(request)) {
                request.resume(); // all was let go between the two
            }
        } else {
            outstanding.incrementAndGet();
            perform(request);
        }
        return 0;
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        perform(request);
    }

    private void perform(Request request) {
        int at = (int) request.offset();
        int length = (int) request.length();
        if (failWith == 0) {
            switch (request.op()) {
                case READ -> payload(request).put(bytes, at, length);
                case WRITE -> payload(request).get(bytes, at, length);
                case WRITE_ZEROES, DISCARD -> Arrays.fill(bytes, at, at + length, (byte) 0);
                case FLUSH -> {}
            }
        }
        outstanding.decrementAndGet();
        request.complete(-failWith);
    }

    private static ByteBuffer payload(Request request) {
        return request.buffer().clear().position(request.bufferOffset());
    }

    static boolean is(Request request, BlockOp op) {
        return request.op() == op;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
