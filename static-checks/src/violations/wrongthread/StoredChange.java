// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: lambda
// layer: callgraph
// from: StoredChange.ready
// to: LiveGraph.commit
package seed.wrongthread;

import java.time.Duration;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanNode;

final class StoredChange {
    private final Runnable detach;

    StoredChange(LiveGraph<PlanNode> live) {
        detach = () -> live.commit(new DetachRoot("disk0"), Duration.ofSeconds(1)); // HERE
    }

    @IoThreadOnly
    void ready() {
        detach.run();
    }
}
