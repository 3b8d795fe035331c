// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;
import org.rcublk.io.Virtqueue;
import org.rcublk.rcu.ReaderIndex;

/**
 * A request's way through a chain: submission ring, admission, the nodes, completion, completion ring. Producer and
 * IOThread are one thread here, the bottom node does nothing, and requests come in batches of {@value #BATCH}, so it is
 * the block layer's own work and nothing else.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Chain {
    private static final int BATCH = 64;
    private static final int SUBMISSION = 28;
    private static final int COMPLETION = 8;

    /** How many nodes the graph has; the request passes five of them. */
    @Param({"10", "100000"})
    public int nodes;

    private final StorageWorkers workers = new StorageWorkers(1);
    private final ReaderIndex reader = ReaderIndex.acquire();
    private final IoThread thread = IoThread.driven("bench", workers::engine, reader);
    private final Virtqueue.CompletionHandler done = this::completed;
    private final OneToOneRingBuffer there = ring(SUBMISSION);
    private final OneToOneRingBuffer back = ring(COMPLETION);
    private final MessageHandler turn = this::turn;
    private final MessageHandler end = this::end;
    private @Nullable Virtqueue whole;
    private @Nullable Virtqueue bare;
    private @Nullable Virtqueue current;
    private long statuses;

    @Setup
    public void open() {
        Disks disks = new Disks(nodes);
        whole = disks.devices.getFirst().openQueue(thread, BATCH, () -> {});
        Device bottom = disks.attach("bare", Disks.bottom(1));
        bare = bottom.openQueue(thread, BATCH, () -> {});
        thread.doWork();
    }

    @TearDown
    public void close() {
        workers.close();
        reader.close();
    }

    /** Through four filters to the null node. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long fiveNodes() {
        return pass(Objects.requireNonNull(whole));
    }

    /** To a null node without filters. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long oneNode() {
        return pass(Objects.requireNonNull(bare));
    }

    /**
     * The rings alone: the same records through the same rings, one batch each way, without a graph. What a request costs
     * above this is the block layer's own.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long rings() {
        for (int slot = 0; slot < BATCH; slot++) {
            int at = there.tryClaim(1, SUBMISSION);
            there.buffer().putInt(at, BlockOp.FLUSH.opcode());
            there.buffer().putInt(at + 4, 0);
            there.buffer().putLong(at + 8, 0);
            there.buffer().putLong(at + 16, 0);
            there.buffer().putInt(at + 24, slot);
            there.commit(at);
        }
        int taken = 0;
        while (taken < BATCH) {
            there.read(turn, BATCH);
            taken += back.read(end, BATCH);
        }
        return statuses;
    }

    private void turn(int type, MutableDirectBuffer buffer, int at, int length) {
        int slot = buffer.getInt(at + 24);
        statuses += buffer.getInt(at) + buffer.getInt(at + 4) + buffer.getLong(at + 8) + buffer.getLong(at + 16);
        int to = back.tryClaim(2, COMPLETION);
        back.buffer().putInt(to, slot);
        back.buffer().putInt(to + 4, 0);
        back.commit(to);
    }

    private void end(int type, MutableDirectBuffer buffer, int at, int length) {
        statuses += buffer.getInt(at) + buffer.getInt(at + 4);
    }

    private static OneToOneRingBuffer ring(int payload) {
        int record = BitUtil.align(payload + 8, 8);
        int capacity = BitUtil.findNextPositivePowerOfTwo(record * (2 * BATCH + 3));
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    private long pass(Virtqueue queue) {
        current = queue;
        for (int i = 0; i < BATCH; i++) {
            queue.submit(queue.acquire(), BlockOp.FLUSH, 0, 0, 0);
        }
        int taken = 0;
        while (taken < BATCH) {
            thread.doWork();
            taken += queue.pollCompletions(done, BATCH);
        }
        return statuses;
    }

    private void completed(int slot, int status) {
        statuses += status;
        Objects.requireNonNull(current).free(slot);
    }
}
