// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import io.vavr.collection.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.GraphListener;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;
import org.rcublk.graph.Version;
import org.rcublk.io.PlanNode;

/**
 * Keeps one version of the graph to be drawn: with a gate on, a filter in, and as many snapshots as there have been so
 * far. A later version that shows more takes its place.
 */
final class Moment implements GraphListener {
    private final LiveGraph<PlanNode> live;
    private final IntSupplier snapshots;
    private volatile @Nullable Seen seen;
    private int shown = -1;

    /** What of a version is drawn. */
    private record Seen(BlockGraph graph, Set<String> gated) {}

    Moment(LiveGraph<PlanNode> live, IntSupplier snapshots) {
        this.live = live;
        this.snapshots = snapshots;
    }

    /** On a thread that publishes. The current version may already be a later one: then another gate will do. */
    @Override
    public synchronized void published(Publication publication) {
        Version<PlanNode> version = live.current();
        int taken = snapshots.getAsInt();
        boolean gatedFilter = version.graph()
                .nodes()
                .values()
                .exists(node -> node.filter() && version.gatedNodes().contains(node.name()));
        if (gatedFilter && taken > shown) {
            shown = taken;
            seen = new Seen(version.graph(), version.gatedNodes());
        }
    }

    /** The graph at that moment, or null if there was none. */
    @Nullable
    BlockGraph graph() {
        Seen moment = seen;
        return moment == null ? null : moment.graph();
    }

    /** The nodes that were gated then. */
    Set<String> gated() {
        Seen moment = seen;
        return moment == null ? io.vavr.collection.HashSet.empty() : moment.gated();
    }
}
