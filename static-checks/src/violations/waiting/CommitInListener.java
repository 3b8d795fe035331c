// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a listener of publications does not change the graph
// hiding: functional parameter
// layer: runtime
// error: LiveGraph.commit from within the listener
package seed.waiting;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.driver.nullco.NullDriver;

final class CommitInListener {
    public static void main(String[] args) throws Exception {
        LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
        CompletableFuture<String> done = new CompletableFuture<>();
        live.addListener(publication -> {
            try {
                live.commit(new DetachRoot("disk0"), Duration.ofSeconds(1)); // HERE
            } catch (IllegalStateException e) {
                done.completeExceptionally(e);
            }
        });
        NullDriver disk = new NullDriver("null-co", 1 << 20, 0, true, false);
        live.commit(AddNodes.of(BlockNode.of("disk0", "null-co", disk)), Duration.ofSeconds(5));
        done.get(10, TimeUnit.SECONDS);
    }
}
