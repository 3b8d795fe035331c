// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.daemon.nbd.NbdExportStats;
import org.rcublk.daemon.nbd.NbdServer;
import org.rcublk.daemon.nbd.NbdUri;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Route;
import org.rcublk.graph.Version;
import org.rcublk.io.Device;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.rcu.RcuMeters;

/**
 * What the monitor's queries answer, as values that JSON has. Each report is made of one version; counters are read one
 * after the other while I/O goes on.
 */
@GlobalState
public final class ServiceReports {
    private final LiveGraph<PlanNode> live;
    private final Exports exports;
    private final PublicationCounts counts;

    @AnyThread
    ServiceReports(LiveGraph<PlanNode> live, Exports exports, PublicationCounts counts) {
        this.live = live;
        this.exports = exports;
        this.counts = counts;
    }

    /**
     * The nodes, by name.
     *
     * @return for each its name, driver, size in bytes, children and the roots that reach it
     */
    public List<Map<String, Object>> nodes() {
        BlockGraph graph = live.current().graph();
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (BlockNode node :
                graph.nodes().values().toSortedSet((a, b) -> a.name().compareTo(b.name()))) {
            nodes.add(node(graph, node));
        }
        return nodes;
    }

    private static Map<String, Object> node(BlockGraph graph, BlockNode node) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("node-name", node.name());
        report.put("drv", node.driver());
        report.put("ro", node.readOnly());
        report.put(
                "image",
                Map.of(
                        "virtual-size",
                        new PlanCompiler().compile(node.name(), graph).size()));
        List<Map<String, Object>> children = new ArrayList<>();
        for (Edge edge : node.children()) {
            Map<String, Object> child = new LinkedHashMap<>();
            child.put("name", edge.name());
            child.put("node-name", edge.child());
            child.put(
                    "role",
                    edge.roles()
                            .map(role -> role.name().toLowerCase(Locale.ROOT))
                            .toSortedSet()
                            .toJavaList());
            children.add(child);
        }
        report.put("children", children);
        report.put("roots", graph.rootsAbove(List.of(node.name())).toSortedSet().toJavaList());
        return report;
    }

    /**
     * The exports, by id.
     *
     * @return for each what was asked for, where clients find it, and what they did
     */
    public List<Map<String, Object>> exports() {
        BlockGraph graph = live.current().graph();
        NbdServer server = exports.server();
        SocketAddress address = server == null ? null : server.address();
        List<Map<String, Object>> reports = new ArrayList<>();
        for (Export export : exports.all()) {
            GraphRoot root = graph.findRoot(export.spec().id());
            NbdExportStats stats = export.nbd().stats();
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("id", export.spec().id());
            report.put("type", "nbd");
            report.put("node-name", root == null ? export.spec().nodeName() : root.node());
            report.put("shutting-down", root == null);
            report.put("name", export.spec().name());
            report.put("writable", export.spec().writable());
            report.put("iothread", export.spec().ioThreads());
            if (address != null) {
                report.put("uri", NbdUri.of(address, export.spec().name()));
            }
            report.put("connections", stats.connections());
            report.put("connections-total", stats.connectionsTotal());
            report.put("requests", stats.requests());
            report.put("read-bytes", stats.readBytes());
            report.put("written-bytes", stats.writtenBytes());
            reports.add(report);
        }
        return reports;
    }

    /**
     * How the graph's versions and grace periods do. Times are in nanoseconds, 0 before the first.
     *
     * @return the version, its roots, and counts since the start
     */
    public Map<String, Object> rcu() {
        Version<PlanNode> version = live.current();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("version", version.number());
        report.put("publications", counts.gates() + counts.changes() + counts.releases());
        report.put("changes", counts.changes());
        report.put("gates", counts.gates());
        report.put("aborted-gates", counts.releases());
        report.put("longest-gate-ns", counts.longestGateNanos());
        report.put("retired-not-closed", live.retiredNotClosed());
        report.put("gated-nodes", version.gatedNodes().toSortedSet().toJavaList());
        List<Map<String, Object>> roots = new ArrayList<>();
        for (Route<PlanNode> route : version.routes()
                .values()
                .toSortedSet((a, b) -> a.root().id().compareTo(b.root().id()))) {
            roots.add(root(route));
        }
        report.put("roots", roots);
        return report;
    }

    private static Map<String, Object> root(Route<PlanNode> route) {
        RootState state = route.root().state();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("id", state.id());
        report.put("node", route.root().node());
        report.put("open-tokens", state.domain().openSections());
        report.put("live-versions", state.liveVersions());
        report.put("retired-not-closed", state.retiredNotClosed());
        report.put("parked", state.parkedRequests());
        report.put("parked-total", state instanceof Device device ? device.parkedTotal() : 0);
        report.put("gated", route.gated());
        report.put("last-gate-ns", state.lastGateNanos());
        report.put("last-drain-ns", state.lastDrainNanos());
        report.put("last-grace-period-ns", state.domain().lastGracePeriodNanos());
        state.domain().bindTo(new DomainCounters(report));
        return report;
    }

    /** Puts what a domain counts into its root's report, {@code rcublk.rcu.grace.periods} as {@code rcu-grace-periods}. */
    private record DomainCounters(Map<String, Object> report) implements RcuMeters {
        private static final String PREFIX = "rcublk.";

        @Override
        public void counter(String name, String unit, String description, String domain, LongSupplier value) {
            report.put(name.substring(PREFIX.length()).replace('.', '-'), value.getAsLong());
        }

        @Override
        public void gauge(String name, String unit, String description, String domain, LongSupplier value) {
            counter(name, unit, description, domain, value);
        }
    }
}
