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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/**
 * A read section of a registered thread: enter, load the current version, leave. The bare volatile load is what it would
 * cost to read the version with no section; {@link ReadPeers} has the locks and counters. Every thread holds its token
 * in a variable, as a request does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ReadSection {
    private final ReadDomain domain = new ReadDomain("bench", Runnable::run);
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

    /** A section that stays open while others are forked from it. */
    @State(Scope.Thread)
    public static class Parent {
        long token;

        @Setup
        public void begin(ReadSection sections, Reader reader) {
            token = sections.domain.downRead(reader.index);
        }

        @TearDown
        public void end(ReadSection sections, Reader reader) {
            sections.domain.upRead(reader.index, token);
        }
    }

    @Benchmark
    public Object volatileLoad() {
        return current;
    }

    @Benchmark
    public Object section(Reader reader) {
        long token = domain.downRead(reader.index);
        Object version = current;
        domain.upRead(reader.index, token);
        return version;
    }

    @Benchmark
    @SuppressWarnings("UseAfterUpRead") // returned as a number, so that no compiler leaves it out
    public long emptySection(Reader reader) {
        long token = domain.downRead(reader.index);
        domain.upRead(reader.index, token);
        return token;
    }

    @Benchmark
    @SuppressWarnings("UseAfterUpRead") // returned as a number, so that no compiler leaves it out
    public long forkedSection(Reader reader, Parent parent) {
        long token = domain.forkRead(reader.index, parent.token);
        domain.upRead(reader.index, token);
        return token;
    }
}
