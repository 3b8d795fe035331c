// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import org.rcublk.annotation.AnyThread;

/**
 * The way of a root's requests in one version. Immutable; all fields are final, so a reader that has the version has the
 * whole route.
 *
 * @param <P> the plan that I/O follows
 */
@AnyThread
public final class Route<P> {
    private final GraphRoot root;
    private final P plan;
    private final boolean gated;
    private final HashMap<String, NodeState> reach;
    private final long replacedIn;

    Route(GraphRoot root, P plan, boolean gated, HashMap<String, NodeState> reach, long replacedIn) {
        this.root = root;
        this.plan = plan;
        this.gated = gated;
        this.reach = reach;
        this.replacedIn = replacedIn;
    }

    /**
     * The root.
     *
     * @return the root, as the version's graph describes it
     */
    public GraphRoot root() {
        return root;
    }

    /**
     * What I/O follows.
     *
     * @return the plan
     */
    public P plan() {
        return plan;
    }

    /**
     * Whether new requests have to wait (guarantee F). Look after {@code downRead}: counting first and looking second
     * is what makes a drain complete.
     *
     * @return whether a gate holds on a node that the root reaches
     */
    public boolean gated() {
        return gated;
    }

    /**
     * The identities of the nodes that the root reaches.
     *
     * @return a strict persistent map by name
     */
    public Map<String, NodeState> reach() {
        return reach;
    }

    /**
     * The version in which this route took the place of an earlier one of its root; gates do not count. Once that
     * version is covered, no request follows an earlier route (guarantee J).
     *
     * @return a version number, 0 for the first route of a root
     */
    public long replacedIn() {
        return replacedIn;
    }

    HashMap<String, NodeState> reached() {
        return reach;
    }

    /** The same route under other gates; this one if nothing changes for it. */
    Route<P> under(GateTable gates) {
        boolean now = gates.gatesAny(reach);
        return now == gated ? this : new Route<>(root, plan, now, reach, replacedIn);
    }
}
