// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.Retirable;

/**
 * What it costs to hand over a release that runs after a grace period: in bursts, each of which finds nothing pending,
 * and in a flood that never pauses, in a heap that would not hold what an unbounded queue takes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx64m")
public class Retire {
    private static final int BURST = 256;
    private static final int LOOKS = 1024;

    private final ReadDomain domain = new ReadDomain("bench");
    private final Retirable release = () -> {};

    /** Bursts wait for the end of the one before them, outside of the measurement. */
    @State(Scope.Thread)
    public static class Rest {
        @Setup(Level.Invocation)
        public void untilNothingIsPending(Retire retire) {
            while (retire.domain.pendingReleases() > 0) {
                LockSupport.parkNanos(10_000);
            }
        }
    }

    /** What the flood saw. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Flood {
        /** The largest number of pending releases at any look. */
        public long mostPending;

        private int calls;

        @Setup(Level.Iteration)
        public void forget() {
            mostPending = 0;
        }
    }

    @TearDown(Level.Iteration)
    public void settle() {
        domain.synchronize();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void burst(Rest rest) {
        for (int i = 0; i < BURST; i++) {
            domain.retire(release);
        }
    }

    @Benchmark
    public void flood(Flood flood) {
        domain.retire(release);
        if (++flood.calls % LOOKS == 0) {
            flood.mostPending = Math.max(flood.mostPending, domain.pendingReleases());
        }
    }
}
