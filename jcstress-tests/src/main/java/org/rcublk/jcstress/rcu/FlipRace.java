// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import org.openjdk.jcstress.infra.results.II_Result;
import org.rcublk.jcstress.Stalls;
import org.rcublk.rcu.ReadDomain;

/** Three versions, two grace periods, and a reader that may be late: the counter-flip race. */
abstract class FlipRace {
    /** The sample that the calling thread is the reader of, for the step hook. */
    private static final ThreadLocal<FlipRace> READING = new ThreadLocal<>();

    static {
        Stalls.install(point -> {
            FlipRace sample = READING.get();
            if (sample != null && point.equals("rcu.rank-loaded")) {
                Stalls.await(() -> sample.current > 0 && sample.elapsed);
            }
        });
    }

    final ReadDomain domain = new ReadDomain("test", Runnable::run);
    private final Resource[] versions = {new Resource(), new Resource(), new Resource()};
    private volatile int current;
    private volatile boolean elapsed;
    private volatile boolean loaded;

    abstract long begin();

    abstract void end(long token);

    final void read(II_Result r) {
        READING.set(this);
        long token = begin();
        READING.remove();
        int seen = current;
        loaded = true;
        Stalls.hold();
        r.r1 = seen;
        r.r2 = versions[seen].closed;
        end(token);
    }

    final void replaceTwice() {
        for (int next = 1; next < versions.length; next++) {
            if (next > 1) {
                Stalls.awaitUnderSteps(() -> loaded);
            }
            current = next;
            domain.synchronize();
            elapsed = true;
            versions[next - 1].closed = 1;
        }
    }
}
