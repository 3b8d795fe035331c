// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;
import org.rcublk.graph.Route;
import org.rcublk.graph.Version;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.Steps;

/**
 * Admission by read-copy-update: count in the root's domain, load the version, look at the gate; in this order.
 *
 * <p>Whoever gates publishes the gate first and scans the counters second. So either the scan sees this request's count
 * and waits for it, or this request's load sees the gate and it goes back (guarantee F). Looking first and counting
 * second would let a request through that nobody waits for.
 *
 * <p>A parked request holds no token; a forked child takes its parent's rank and never looks at the gate (guarantee G).
 */
public final class RcuAdmission implements Admission {
    private static final boolean CHECK_THEN_COUNT = Mutants.on("io-check-then-count");
    private static final boolean PARK_HOLDING = Mutants.on("io-park-holding");
    private static final boolean CHILD_UNCOUNTED = Mutants.on("io-child-uncounted");

    private final LiveGraph<PlanNode> live;

    /**
     * Admits requests to a graph.
     *
     * @param live the published graph
     */
    @AnyThread
    public RcuAdmission(LiveGraph<PlanNode> live) {
        this.live = live;
    }

    @Override
    public String design() {
        return "rcu";
    }

    /**
     * The published graph.
     *
     * @return the graph that requests are admitted to
     */
    @AnyThread
    public LiveGraph<PlanNode> live() {
        return live;
    }

    @Override
    public int admit(Request request, Device device, int reader) {
        ReadDomain domain = device.domain();
        if (CHECK_THEN_COUNT) {
            return admitWrongWayRound(request, device, reader);
        }
        long token = domain.downRead(reader);
        Route<PlanNode> route;
        try {
            route = currentRoute(request);
        } catch (RuntimeException | Error bug) {
            domain.upRead(reader, token); // or no grace period of the root would ever end again
            throw bug;
        }
        if (route == null || route.gated()) {
            if (PARK_HOLDING) {
                request.token = token;
            } else {
                domain.upRead(reader, token);
            }
            return route == null ? GONE : PARK;
        }
        request.token = token;
        request.route = route;
        return RUN;
    }

    @IoThreadOnly
    private @Nullable Route<PlanNode> currentRoute(Request request) {
        Version<PlanNode> version = live.current();
        if (Steps.ENABLED) {
            Steps.reach("io.version-loaded");
        }
        return request.routes().route(version);
    }

    /** Of a negative control. Nothing that may throw stands between the count and its hand-over to the request. */
    @IoThreadOnly
    private int admitWrongWayRound(Request request, Device device, int reader) {
        Route<PlanNode> route = request.routes().route(live.current());
        if (route == null || route.gated()) {
            return route == null ? GONE : PARK;
        }
        if (Steps.ENABLED) {
            Steps.reach("io.checked-not-counted");
        }
        request.route = route;
        request.token = device.domain().downRead(reader);
        return RUN;
    }

    /** Of a negative control: whether a new request would have to wait. */
    @IoThreadOnly
    boolean gated(RouteCache routes) {
        Route<PlanNode> route = routes.route(live.current());
        return route != null && route.gated();
    }

    @Override
    public boolean gated(Request request) {
        Route<PlanNode> route = request.routes().route(live.current());
        return route == null || route.gated() || request.device().waitedFor();
    }

    @Override
    public boolean gated(Request request, PlanNode at) {
        return gated(request) || live.waitedFor(at.name());
    }

    @Override
    public void fork(Request parent, Request child) {
        if (CHILD_UNCOUNTED) {
            return;
        }
        child.token = parent.device().domain().forkRead(parent.thread().readerIndex(), parent.token);
    }

    @Override
    public void complete(Request request) {
        if (!CHILD_UNCOUNTED || request.parent() == null) {
            request.device().domain().upRead(request.thread().readerIndex(), request.token);
        }
        request.route = null;
    }

    @Override
    public Publication change(GraphChange change, Duration patience) {
        return live.commit(change, patience);
    }

    @Override
    public BlockGraph graph() {
        return live.current().graph();
    }
}
