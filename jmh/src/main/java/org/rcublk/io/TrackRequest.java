// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.rcu.ReaderIndex;

/**
 * Begin and end of an ordinary request at a node, with 31 more of its IOThread in flight: alone, with another IOThread at
 * the same node, and while the node has a serialising request elsewhere. In the package of what it measures, which is no API.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class TrackRequest {
    private static final int IN_FLIGHT = 32;
    private static final long BLOCK = 4096;

    private final RequestTracker quiet = new RequestTracker();
    private final RequestTracker busy = new RequestTracker();

    /** An IOThread, with its requests. */
    @State(Scope.Thread)
    public static class Owner {
        private final ReaderIndex reader = ReaderIndex.acquire();
        private final IoThread thread = IoThread.driven("bench", owner -> new NoEngine(), reader);
        final Request[] requests = new Request[IN_FLIGHT];
        private int next;

        @Setup
        public void fill(TrackRequest node) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                requests[i] = new Request(null, -1, thread);
                node.quiet.begin(requests[i], i * BLOCK, (i + 1) * BLOCK, false);
                node.busy.begin(requests[i], i * BLOCK, (i + 1) * BLOCK, false);
            }
            node.busy.begin(
                    new Request(null, -1, thread),
                    Long.MAX_VALUE - reader.value() - 1,
                    Long.MAX_VALUE - reader.value(),
                    true);
        }

        /** The oldest one. */
        Request oldest() {
            return requests[next++ % IN_FLIGHT];
        }

        @TearDown
        public void leave() {
            reader.close();
        }
    }

    private static boolean again(RequestTracker node, Owner owner) {
        Request request = owner.oldest();
        node.end(request);
        return node.begin(request, 0, BLOCK, false);
    }

    @Benchmark
    public boolean oneThread(Owner owner) {
        return again(quiet, owner);
    }

    @Benchmark
    @Threads(2)
    public boolean twoThreads(Owner owner) {
        return again(quiet, owner);
    }

    @Benchmark
    public boolean besideSerialising(Owner owner) {
        return again(busy, owner);
    }

    private static final class NoEngine implements StorageEngine {
        @Override
        public void submit(Request submitted, StorageTarget target) {
            throw new IllegalStateException("these requests need no storage");
        }

        @Override
        public void flush() {}

        @Override
        public int poll() {
            return 0;
        }

        @Override
        public boolean hasCompletions() {
            return false;
        }

        @Override
        public int outstanding() {
            return 0;
        }
    }
}
