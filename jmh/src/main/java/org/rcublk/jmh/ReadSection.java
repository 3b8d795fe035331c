// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

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
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/**
 * What it costs to enter a read section, load the current version and leave, beside the locks and counters that a block
 * layer would use instead. Every thread holds a token in a variable, as a request does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class ReadSection {
    private final ReadDomain domain = new ReadDomain("bench", Runnable::run);
    private final ReentrantReadWriteLock readWriteLock = new ReentrantReadWriteLock();
    private final StampedLock stampedLock = new StampedLock();
    private final AtomicInteger references = new AtomicInteger();
    private final Object monitor = new Object();
    private volatile Object current = new Object();

    /** A thread's registration. */
    @State(Scope.Thread)
    public static class Reader {
        private final ReaderIndex registration = ReaderIndex.acquire();
        final int index = registration.value();

        @TearDown
        public void leave() {
            registration.close();
        }
    }

    @Benchmark
    public Object volatileLoad() {
        return current;
    }

    @Benchmark
    public Object rcu(Reader reader) {
        long token = domain.downRead(reader.index);
        Object version = current;
        domain.upRead(reader.index, token);
        return version;
    }

    @Benchmark
    public Object stampedLockRead() {
        long stamp = stampedLock.readLock();
        Object version = current;
        stampedLock.unlockRead(stamp);
        return version;
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
}
