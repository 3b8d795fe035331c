// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.rcublk.explore.Run.check;
import static org.rcublk.explore.Run.step;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.NodeState;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Route;
import org.rcublk.graph.Version;
import org.rcublk.rcu.ReadDomain;

/** A live graph for scenarios, and devices that admit requests as production's do. The plan is the root's node. */
final class GraphFixture {
    static final Duration LONG = Duration.ofHours(1);

    /** A node without data: read-only, so that no change flushes it. */
    static final class Node extends NodeState {
        volatile boolean closed;
        volatile Runnable onClose = () -> {};

        @Override
        public void flush() {}

        @Override
        public void close() {
            onClose.run();
            closed = true;
        }

        @Override
        public boolean readOnly() {
            return true;
        }
    }

    /** A device with one thread, whose requests use its first node. */
    final class Root extends RootState {
        private final int index;
        private int wakeUps;

        Root(String id, int index) {
            super(id, new ReadDomain(id));
            this.index = index;
        }

        @Override
        public void released() {
            wakeUps++;
        }

        /** Counts, loads, looks at the gate, and parks or runs (guarantee F); null when the root has gone. */
        @Nullable
        Admitted admit() {
            while (true) {
                int seen = wakeUps;
                long token = domain().downRead(index);
                step("load");
                Version<String> version = live.current();
                Route<String> route = version.route(id());
                if (route != null && !route.gated()) {
                    return new Admitted(this, token, route);
                }
                domain().upRead(index, token);
                if (route == null) {
                    return null;
                }
                run.await("the gate's end", () -> wakeUps > seen);
            }
        }
    }

    record Admitted(Root root, long token, Route<String> route) {
        /** Uses every node that the request reaches. */
        void use() {
            step("use");
            route.reach().values().forEach(n -> check(!((Node) n).closed, "a node is closed under a request"));
        }

        void end() {
            root.domain().upRead(root.index, token);
        }
    }

    final LiveGraph<String> live = new LiveGraph<>((root, graph) -> root.node());
    private final Run run;

    GraphFixture(Run run) {
        this.run = run;
        run.driver();
        run.lane("all");
    }

    Node add(String name, Edge... children) {
        Node state = new Node();
        live.commit(AddNodes.of(BlockNode.of(name, "raw", state, children)), LONG);
        return state;
    }

    AttachRoot attaches(Root root, String node) {
        return new AttachRoot(new GraphRoot(root.id(), node, false, root));
    }

    Root attach(String id, int index, String node) {
        Root root = new Root(id, index);
        live.commit(attaches(root, node), LONG);
        return root;
    }

    InsertFilter filter(String name, String over, Node state) {
        return new InsertFilter(over, BlockNode.filter(name, "passthrough", state, over));
    }
}
