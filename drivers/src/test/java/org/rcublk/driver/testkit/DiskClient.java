// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.Virtqueue;

/** A producer of one virtqueue: submits and waits. One thread's at a time. */
public final class DiskClient implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Virtqueue queue;
    private final int[] statuses;
    private final boolean[] done;
    private volatile Thread waiter;

    DiskClient(Device device, IoThread thread, int depth) {
        queue = device.openQueue(thread, depth, this::wake);
        statuses = new int[depth];
        done = new boolean[depth];
    }

    private void wake() {
        // The completion was stored before; await stores waiter and then looks for completions. One of the two sees the
        // other.
        VarHandle.fullFence();
        LockSupport.unpark(waiter);
    }

    public Virtqueue queue() {
        return queue;
    }

    /** Submits; the slot is the caller's until {@link #await}. */
    public int submit(BlockOp op, int flags, long offset, long length, ByteBuffer buffer) {
        int slot = queue.acquire();
        if (slot < 0) {
            throw new AssertionError("queue full");
        }
        done[slot] = false;
        queue.request(slot).attach(buffer, 0);
        queue.submit(slot, op, flags, offset, length);
        queue.kick();
        return slot;
    }

    public int submitWrite(long offset, byte[] bytes) {
        return submit(BlockOp.WRITE, 0, offset, bytes.length, ByteBuffer.wrap(bytes));
    }

    /** Whether a submitted request has completed; does not wait. */
    public boolean isDone(int slot) {
        queue.pollCompletions(
                (s, status) -> {
                    statuses[s] = status;
                    done[s] = true;
                },
                queue.depth());
        return done[slot];
    }

    /** Waits for a submitted request and frees its slot. */
    public int await(int slot) {
        waiter = Thread.currentThread();
        long deadline = System.nanoTime() + PATIENCE;
        while (!isDone(slot)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no completion of " + queue.request(slot) + " after 20 s");
            }
            LockSupport.parkNanos(this, left);
        }
        queue.free(slot);
        return statuses[slot];
    }

    public int call(BlockOp op, int flags, long offset, long length) {
        return await(submit(op, flags, offset, length, null));
    }

    public int call(BlockOp op, long offset, ByteBuffer buffer) {
        return await(submit(op, 0, offset, buffer.capacity(), buffer));
    }

    public int write(long offset, byte[] bytes) {
        return await(submitWrite(offset, bytes));
    }

    public int read(long offset, byte[] bytes) {
        return call(BlockOp.READ, offset, ByteBuffer.wrap(bytes));
    }

    /** Reads and requires success. */
    public byte[] read(long offset, int length) {
        byte[] bytes = new byte[length];
        int status = read(offset, bytes);
        if (status != 0) {
            throw new AssertionError("read " + offset + "+" + length + ": " + org.rcublk.io.Errno.name(status));
        }
        return bytes;
    }

    @Override
    public void close() {
        queue.close(() -> {});
    }
}
