// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

/**
 * A read section of a thread that is not registered, beside an increment and a decrement of an {@link AtomicLong} that
 * no other thread uses: both are two locked instructions.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class GuestSection {
    private final ReadDomain domain = new ReadDomain("bench", Runnable::run);
    private volatile Object current = new Object();

    /** A counter of one thread. */
    @State(Scope.Thread)
    public static class Own {
        final AtomicLong count = new AtomicLong();
    }

    @Benchmark
    public Object section() {
        long token = domain.downRead();
        Object version = current;
        domain.upRead(token);
        return version;
    }

    @Benchmark
    public Object atomicLong(Own own) {
        own.count.incrementAndGet();
        Object version = current;
        own.count.decrementAndGet();
        return version;
    }

    @Benchmark
    public Object resource() {
        try (ReadSection _ = domain.read()) {
            return current;
        }
    }
}
