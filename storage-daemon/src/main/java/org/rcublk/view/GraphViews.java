// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RootState;
import org.rcublk.graph.Version;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/**
 * Makes views of graphs. Each is made of one version, which the caller has loaded once; only the counts of requests are
 * read while I/O goes on. Permissions are those that {@link BlockGraph#edgeGrant} has, so a graph that was never published
 * has to be {@linkplain BlockGraph#checked checked} first.
 */
@AnyThread
public final class GraphViews {
    private final BlockGraph graph;
    private final Set<String> gated;
    private final ToLongFunction<BlockNode> size;

    private GraphViews(BlockGraph graph, Set<String> gated, ToLongFunction<BlockNode> size) {
        this.graph = graph;
        this.gated = gated;
        this.size = size;
    }

    /**
     * A graph by itself: no gates, no counts.
     *
     * @param graph the graph
     * @param number the version's number
     * @param size the size of the disk that a node presents, in bytes, or -1
     * @return the view
     */
    public static GraphView of(BlockGraph graph, long number, ToLongFunction<BlockNode> size) {
        return new GraphViews(graph, HashSet.empty(), size).view(number, GraphViews::unknown, GraphViews::unknown);
    }

    /**
     * What was published: with gates, without counts.
     *
     * @param publication the publication
     * @param size the size of the disk that a node presents, in bytes, or -1
     * @return the view
     */
    public static GraphView of(Publication publication, ToLongFunction<BlockNode> size) {
        return new GraphViews(publication.graph(), publication.gated(), size)
                .view(publication.version(), GraphViews::unknown, GraphViews::unknown);
    }

    /**
     * A version, which may be of the past: with gates, without counts.
     *
     * @param version the version
     * @param size the size of the disk that a node presents, in bytes, or -1
     * @return the view
     */
    public static GraphView of(Version<?> version, ToLongFunction<BlockNode> size) {
        return new GraphViews(version.graph(), version.gatedNodes(), size)
                .view(version.number(), GraphViews::unknown, GraphViews::unknown);
    }

    /**
     * The current version, with what its roots do now.
     *
     * @param version the version
     * @param size the size of the disk that a node presents, in bytes, or -1
     * @param inFlight how many of a root's requests run
     * @return the view
     */
    public static GraphView live(
            Version<?> version, ToLongFunction<BlockNode> size, ToLongFunction<RootState> inFlight) {
        return new GraphViews(version.graph(), version.gatedNodes(), size)
                .view(version.number(), inFlight, RootState::parkedRequests);
    }

    private static long unknown(RootState root) {
        return -1;
    }

    private GraphView view(long number, ToLongFunction<RootState> inFlight, ToLongFunction<RootState> parked) {
        List<NodeView> nodes = new ArrayList<>();
        for (BlockNode node : graph.nodes().values()) {
            nodes.add(node(node));
        }
        nodes.sort(Comparator.comparing(NodeView::name));
        Set<String> gatedRoots = graph.rootsAbove(gated);
        List<RootView> roots = new ArrayList<>();
        for (GraphRoot root : graph.roots().values()) {
            RootState state = root.state();
            roots.add(new RootView(
                    root.id(),
                    root.kind().name().toLowerCase(Locale.ROOT),
                    root.node(),
                    root.grant().used().words(),
                    root.grant().shared().words(),
                    gatedRoots.contains(root.id()),
                    inFlight.applyAsLong(state),
                    parked.applyAsLong(state)));
        }
        roots.sort(Comparator.comparing(RootView::id));
        return new GraphView(number, nodes, roots);
    }

    private NodeView node(BlockNode node) {
        Map<String, String> options = new TreeMap<>();
        for (var option : node.options()) {
            flatten(option._1, option._2, options);
        }
        return new NodeView(
                node.name(),
                node.driver(),
                options,
                node.filter(),
                node.implicit(),
                node.readOnly(),
                gated.contains(node.name()),
                size.applyAsLong(node),
                node.children()
                        .map(edge -> edge(edge, graph.edgeGrant(node.name(), edge)))
                        .toJavaList());
    }

    /** Nested options get dotted names, as on a command line. */
    private static void flatten(String name, @Nullable Object value, Map<String, String> into) {
        if (value instanceof Map<?, ?> nested && !nested.isEmpty()) {
            nested.forEach((key, inner) -> flatten(name + "." + key, inner, into));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                flatten(name + "." + i, list.get(i), into);
            }
        } else {
            into.put(name, String.valueOf(value));
        }
    }

    private static EdgeView edge(Edge edge, Grant grant) {
        List<String> roles = edge.roles()
                .toJavaStream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList();
        return new EdgeView(
                edge.name(),
                edge.child(),
                roles,
                grant.used().words(),
                grant.shared().words(),
                edge.frozenBy());
    }
}
