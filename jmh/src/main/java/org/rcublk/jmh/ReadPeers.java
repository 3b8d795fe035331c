// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a block layer would use instead of read sections: locks and a reference count that all readers share, a
 * stamp that proves afterwards that nothing changed, and memory whose liveness is checked at each access.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ReadPeers {
    private final ReentrantReadWriteLock readWriteLock = new ReentrantReadWriteLock();
    private final StampedLock stampedLock = new StampedLock();
    private final AtomicInteger references = new AtomicInteger();
    private final Object monitor = new Object();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment = arena.allocate(ValueLayout.JAVA_LONG);
    private volatile Object current = new Object();

    @TearDown
    public void closeArena() {
        arena.close();
    }

    @Benchmark
    public Object stampedLockRead() {
        long stamp = stampedLock.readLock();
        try {
            return current;
        } finally {
            stampedLock.unlockRead(stamp);
        }
    }

    @Benchmark
    public Object stampedLockOptimistic() {
        long stamp = stampedLock.tryOptimisticRead();
        Object version = current;
        if (stampedLock.validate(stamp)) {
            return version;
        }
        return stampedLockRead();
    }

    @Benchmark
    public Object readWriteLockRead() {
        readWriteLock.readLock().lock();
        try {
            return current;
        } finally {
            readWriteLock.readLock().unlock();
        }
    }

    @Benchmark
    public Object referenceCount() {
        references.incrementAndGet();
        Object version = current;
        references.decrementAndGet();
        return version;
    }

    @Benchmark
    public Object monitor() {
        synchronized (monitor) {
            return current;
        }
    }

    /** An access that throws instead of crashing once the arena is closed. */
    @Benchmark
    public long sharedArena() {
        return segment.get(ValueLayout.JAVA_LONG, 0);
    }
}
