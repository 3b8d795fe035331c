// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.wrongthread.listenerelsewhere;

import java.time.Duration;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanNode;

final class ClosedListener implements Listener {
    private final LiveGraph<PlanNode> live;

    ClosedListener(LiveGraph<PlanNode> live) {
        this.live = live;
    }

    @Override
    public void changed(String node) {
        live.awaitClosed(Duration.ofSeconds(1)); // HERE
    }
}
