// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.LiveGraph;
import org.rcublk.jcstress.Patience;
import org.rcublk.jcstress.graph.Graphs;
import org.rcublk.rcu.ReadDomain;

/** Progress, guarantees D and I: catalogue 35 and 36. */
public final class LivenessTests {
    private LivenessTests() {}

    /** Catalogue 35: a reader that looks again and again sees the new version. It needs no section for that. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "saw the new version")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "never saw the new version")
    @State
    public static class NewVersionSeen {
        private final LiveGraph<String> live = Graphs.empty();

        @Actor
        public void reader() {
            while (live.current().number() == 0) {
                // no hint: nothing but the load may end it
            }
        }

        @Signal
        public void writer() {
            live.commit(AddNodes.of(Graphs.node("disk0")), Duration.ofSeconds(30));
        }
    }

    /**
     * Catalogue 36: a grace period ends though there is a section open at all times, each begun before the last one
     * ended. Negative control: {@code rcu-no-flip}.
     */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "the grace period ended")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "readers starved the writer")
    @State
    public static class GpTerminates {
        private final ReadDomain domain = new ReadDomain("test", Runnable::run);
        private volatile boolean elapsed;

        @Actor
        public void reader() {
            long token = domain.downRead(0);
            while (!elapsed) {
                long next = domain.downRead(0);
                domain.upRead(0, token);
                token = next;
            }
            domain.upRead(0, token);
        }

        @Signal
        public void writer() {
            elapsed = Patience.synchronize(domain);
        }
    }
}
