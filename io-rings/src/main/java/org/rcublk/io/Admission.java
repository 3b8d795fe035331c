// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.time.Duration;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.Publication;

/**
 * How requests reach the graph and how changes reach requests: the seam between the I/O side and the design that guards
 * the graph. {@link RcuAdmission} is the design of this project; lock-based ones implement the same calls so that they
 * can be measured under the same load.
 */
public interface Admission {
    /** The request was admitted: it holds a token and a route, and runs. */
    int RUN = 0;

    /** A node on the request's way is gated: the request holds nothing and waits for {@link Device#released}. */
    int PARK = 1;

    /** The request's root is no longer in the graph. */
    int GONE = 2;

    /**
     * The design's name, for tables.
     *
     * @return for example "rcu"
     */
    @AnyThread
    String design();

    /**
     * Admits a root request, or says why not. Never blocks.
     *
     * @param request the request; on {@link #RUN} its token and route are set
     * @param device its root
     * @param reader the reader index of the calling IOThread
     * @return {@link #RUN}, {@link #PARK} or {@link #GONE}
     */
    @IoThreadOnly
    int admit(Request request, Device device, int reader);

    /**
     * Counts a child with its parent; bypasses gates.
     *
     * @param parent a request that is still open
     * @param child gets the token
     */
    @IoThreadOnly
    void fork(Request parent, Request child);

    /**
     * Whether somebody waits for the requests of a root that are under way, or the root is no longer in the graph. Never
     * blocks. A design that keeps requests out while it waits, and tells nobody of it, may answer true always: drivers
     * then hold nothing back.
     *
     * @param request a root request that was admitted
     * @return as of now; the load is volatile, so that it sees what was published before {@code NodeState.gated} was called
     */
    @IoThreadOnly
    boolean gated(Request request);

    /**
     * As {@link #gated(Request)}, or whether somebody waits for requests of another root that reaches the node: one of those
     * may wait for this one.
     *
     * @param request a root request that was admitted
     * @param at a node that it, or a child of it, is at
     * @return as of now; as there
     */
    @IoThreadOnly
    default boolean gated(Request request, PlanNode at) {
        return gated(request);
    }

    /**
     * Ends the request's section. Called once, before anybody hears of the completion.
     *
     * @param request an admitted or forked request
     */
    @IoThreadOnly
    void complete(Request request);

    /**
     * Changes the graph.
     *
     * @param change what to change
     * @param patience how long to wait at most
     * @return what was published, and how long each phase took
     */
    @GlobalState
    Publication change(GraphChange change, Duration patience);

    /**
     * The graph as it is now.
     *
     * @return the current version's graph
     */
    @AnyThread
    BlockGraph graph();
}
