// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;
import org.rcublk.rcu.ReaderThread;

/** What a grace period costs its caller with sixteen slots in use, while nobody reads and while one thread always does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Synchronize {
    private static final int SLOTS = 16;

    /** How many threads loop over read sections. */
    @Param({"0", "1"})
    public int readers;

    private final ReadDomain domain = new ReadDomain("bench", Runnable::run);
    private final List<ReaderIndex> indexes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Object current = new Object();
    private volatile boolean stop;

    @Setup
    public void useSlots() {
        for (int i = 0; i < SLOTS - readers; i++) {
            ReaderIndex index = ReaderIndex.acquire();
            indexes.add(index);
            domain.upRead(index.value(), domain.downRead(index.value()));
        }
        for (int i = 0; i < readers; i++) {
            Thread thread = new ReaderThread("reader", true, this::read);
            threads.add(thread);
            thread.start();
        }
    }

    private void read() {
        while (!stop) {
            long token = domain.downRead();
            boolean seen = current != null;
            domain.upRead(token);
            if (!seen) {
                throw new AssertionError();
            }
        }
    }

    @TearDown
    public void end() throws InterruptedException {
        stop = true;
        for (Thread thread : threads) {
            thread.join();
        }
        indexes.forEach(ReaderIndex::close);
    }

    @Benchmark
    public void synchronize() {
        domain.synchronize();
    }
}
