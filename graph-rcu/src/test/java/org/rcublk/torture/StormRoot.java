// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.NodeState;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Route;
import org.rcublk.graph.Version;

/**
 * A root with a model of admission: count, load the version, look at the gate; a gated request gives its count back and
 * parks; a release admits what is parked on the releasing thread. Every request that was submitted ends once.
 */
final class StormRoot extends RootState {
    /** A request; compared by identity. */
    static final class Request {
        private final StormRoot root;
        private long token;
        private Version<String> version;
        private Route<String> route;

        Request(StormRoot root) {
            this.root = root;
        }

        /** The last step: each node is left, then the section ends. */
        void complete() {
            if (version.number() < root.floor) {
                root.run.violation(
                        "drained version",
                        "a request of root " + root.id() + " runs on version " + version.number()
                                + " after the drained change to version " + root.floor);
            }
            for (NodeState node : route.reach().values()) {
                ((StormNode) node).leave();
            }
            root.domain().upRead(token);
            root.completed.incrementAndGet();
            root.run.tally.sections.increment();
        }
    }

    final AtomicLong submitted = new AtomicLong();
    final AtomicLong completed = new AtomicLong();
    final AtomicLong parks = new AtomicLong();
    final AtomicInteger parked = new AtomicInteger();
    final Queue<Request> running = new ConcurrentLinkedQueue<>();
    /** No request runs on an older version any more, since all were drained for this one. */
    volatile long floor;

    private final Run run;
    private final LiveGraph<String> live;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

    StormRoot(Run run, LiveGraph<String> live, String id) {
        super(id);
        this.run = run;
        this.live = live;
    }

    void submit() {
        submitted.incrementAndGet();
        admit(new Request(this));
    }

    private void admit(Request request) {
        while (true) {
            long token = domain().downRead();
            Version<String> version = live.current();
            Route<String> route = version.route(id());
            if (route == null) {
                domain().upRead(token);
                refuse();
                return;
            }
            if (!route.gated()) {
                request.token = token;
                request.version = version;
                request.route = route;
                for (NodeState node : route.reach().values()) {
                    ((StormNode) node).enter();
                }
                running.add(request);
                return;
            }
            domain().upRead(token);
            parks.incrementAndGet();
            parked.incrementAndGet();
            waiting.add(request);
            // The release may have come before the request was there to be seen: look again, and take it back.
            Route<String> now = live.current().route(id());
            if ((now != null && now.gated()) || !waiting.remove(request)) {
                return;
            }
            parked.decrementAndGet();
        }
    }

    /** The root has left: a request ends without having run. */
    private void refuse() {
        completed.incrementAndGet();
        run.tally.other("refused").increment();
    }

    @Override
    public void detached() {
        for (Request request = waiting.poll(); request != null; request = waiting.poll()) {
            parked.decrementAndGet();
            refuse();
        }
    }

    @Override
    public void released() {
        for (int most = parked.get(); most > 0; most--) {
            Request request = waiting.poll();
            if (request == null) {
                return;
            }
            parked.decrementAndGet();
            admit(request);
        }
    }

    synchronized void drainedFor(long version) {
        floor = Math.max(floor, version);
    }

    @Override
    public int parkedRequests() {
        return parked.get();
    }
}
