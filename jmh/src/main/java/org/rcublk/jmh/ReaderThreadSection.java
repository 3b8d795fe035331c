// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.util.concurrent.TimeUnit;
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

/** As {@link org.rcublk.jmh.ReadSection}, by the calls that find the reader index in the calling thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Djmh.executor=CUSTOM", "-Djmh.executor.class=org.rcublk.jmh.ReaderThreads"})
public class ReaderThreadSection {
    private final ReadDomain domain = new ReadDomain("bench", Runnable::run);
    private volatile Object current = new Object();

    @Benchmark
    public Object section() {
        long token = domain.downRead();
        Object version = current;
        domain.upRead(token);
        return version;
    }

    @Benchmark
    public Object resource() {
        try (ReadSection _ = domain.read()) {
            return current;
        }
    }
}
