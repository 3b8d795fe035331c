// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: interface
// layer: compile WrongThreadCall
package seed.wrongthread;

import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanNode;
import org.rcublk.io.SocketHandler;

final class CommitInHandler implements SocketHandler {
    private final LiveGraph<PlanNode> live;

    CommitInHandler(LiveGraph<PlanNode> live) {
        this.live = live;
    }

    @Override
    public void ready(SelectionKey key) {
        live.commit(new DetachRoot("disk0"), Duration.ofSeconds(1)); // HERE
    }
}
