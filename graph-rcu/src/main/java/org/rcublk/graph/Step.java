// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * From one version to the next, and what has to be done once the next is published.
 *
 * @param <P> the plan that I/O follows
 * @param before the version to replace; publication fails when it is no longer current
 * @param after the version to publish
 * @param roots ids of the roots whose route, or whose gate, may differ
 * @param retired the nodes that leave the graph
 * @param reset nodes that stay, as the first version has them, whose settings the second does not have
 */
@AnyThread
record Step<P>(
        @SuppressWarnings("VersionInField") Version<P> before, // a step lives no longer than the call that publishes it
        @SuppressWarnings("VersionInField") Version<P> after, // as above
        HashSet<String> roots,
        List<Retired> retired,
        List<BlockNode> reset) {

    /**
     * A node that leaves the graph.
     *
     * @param node the node
     * @param reached the roots that reached it, each with the number of the version in which that ended
     * @param children the identities of its children, which it may use until it is closed
     */
    record Retired(BlockNode node, HashMap<RootState, Long> reached, List<NodeState> children) {}

    /** The identity of a root whose requests the step lets in again, or null. */
    @Nullable
    RootState released(String id) {
        Route<P> old = before.route(id);
        Route<P> now = after.route(id);
        return old != null && now != null && same(old, now) && old.gated() && !now.gated()
                ? now.root().state()
                : null;
    }

    /** The route of a root whose new requests the step's gates keep out from now on, or null. */
    @Nullable
    Route<P> gated(String id) {
        Route<P> old = before.route(id);
        Route<P> now = after.route(id);
        return now != null && now.gated() && (old == null || !old.gated()) ? now : null;
    }

    /** The identity of a root that the step detaches, or null. */
    @Nullable
    RootState detached(String id) {
        Route<P> old = before.route(id);
        Route<P> now = after.route(id);
        return old != null && (now == null || !same(old, now)) ? old.root().state() : null;
    }

    /** The identity of a root that was there before and whose route the step changes or ends, or null. */
    @Nullable
    RootState changed(String id) {
        Route<P> old = before.route(id);
        Route<P> now = after.route(id);
        return old != null && (now == null || !same(old, now) || now.replacedIn() == after.number())
                ? old.root().state()
                : null;
    }

    private static boolean same(Route<?> old, Route<?> now) {
        return Identity.same(old.root().state(), now.root().state());
    }
}
