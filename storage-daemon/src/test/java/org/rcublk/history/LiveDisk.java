// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rcublk.driver.NodeOpener;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveNode;
import org.rcublk.io.Device;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.view.GraphView;
import org.rcublk.view.GraphViews;

/** A live graph of real nodes, what was published of it, and short ways to change it. */
final class LiveDisk {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final HistoryLimits SMALL_FILES = new HistoryLimits(64 << 20, 8 << 10, 5);

    final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    final List<Publication> published = new CopyOnWriteArrayList<>();

    LiveDisk() {
        live.addListener(published::add);
    }

    HistoryWriter record(Path state, HistoryLimits limits) throws HistoryException {
        return HistoryWriter.open(state, limits, live, graph -> node -> -1);
    }

    LiveDisk add(String name) {
        live.commit(
                new AddNodes(NodeOpener.open(
                                Map.of("driver", "null-co", "node-name", name, "size", 1L << 20),
                                live.current().graph())
                        .nodes()),
                PATIENCE);
        return this;
    }

    LiveDisk remove(String name) {
        live.commit(new RemoveNode(name), PATIENCE);
        return this;
    }

    LiveDisk attach(String id, String node) {
        Device device = new Device(id, new RcuAdmission(live));
        live.commit(new AttachRoot(new GraphRoot(id, node, true, device)), PATIENCE);
        return this;
    }

    LiveDisk filter(String name, String over) {
        var filter = NodeOpener.open(
                        Map.of("driver", "passthrough", "node-name", name, "file", over),
                        live.current().graph())
                .topNode();
        live.commit(new InsertFilter(over, filter), PATIENCE);
        return this;
    }

    LiveDisk drop(String filter) {
        live.commit(new DropFilter(filter), PATIENCE);
        return this;
    }

    /** As many publications, two at a time: a filter goes in and out. */
    LiveDisk churn(String over, int rounds) {
        for (int i = 0; i < rounds; i++) {
            filter("f", over).drop("f");
        }
        return this;
    }

    /** A disk with a root. */
    static LiveDisk small() {
        return new LiveDisk().add("disk").attach("vda", "disk");
    }

    static GraphView view(Publication publication) {
        return GraphViews.of(publication, node -> -1);
    }
}
