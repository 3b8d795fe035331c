// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for readers inside a section
// hiding: helper method
// layer: runtime
// error: inside a ReadSection of another domain
package seed.waiting;

import java.time.Duration;
import java.util.List;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class DrainsUnderAnother {
    private static void drain(LiveGraph<PlanNode> live) {
        live.flushInFlight(List.of("disk0"), Duration.ofSeconds(5)); // HERE
    }

    public static void main(String[] args) {
        LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
        NullDriver disk = new NullDriver("null-co", 1 << 20, 0, true, false);
        live.commit(AddNodes.of(BlockNode.of("disk0", "null-co", disk)), Duration.ofSeconds(5));
        ReadDomain another = new ReadDomain("another");
        try (ReadSection section = another.read()) {
            drain(live);
        }
    }
}
