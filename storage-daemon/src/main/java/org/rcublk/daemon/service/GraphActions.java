// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.driver.NodeOpener;
import org.rcublk.driver.OpenedNodes;
import org.rcublk.driver.OptionException;
import org.rcublk.driver.ReopenedNodes;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Changes;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;
import org.rcublk.graph.ReplaceNode;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;

/**
 * Actions as one change: each is made ready on the graph that those before it lead to, and all are published in one version.
 * What they open is closed again unless that version has it: what a later action of the list replaces or takes out again is in
 * none. One thread's; used once.
 */
@GlobalState
final class GraphActions implements AutoCloseable {
    private final LiveGraph<PlanNode> live;
    private final PlanCompiler plans = new PlanCompiler();
    private final List<GraphChange> changes = new ArrayList<>();
    private final List<OpenedNodes> nodes = new ArrayList<>();
    private final List<ReopenedNodes> reopened = new ArrayList<>();
    private BlockGraph graph;

    GraphActions(LiveGraph<PlanNode> live) {
        this.live = live;
        this.graph = live.current().graph();
    }

    /** Makes an action ready; what throws has changed nothing. */
    void add(GraphAction action) {
        GraphChange change = switch (action) {
            case GraphAction.Snapshot snapshot -> snapshot(snapshot.node(), snapshot.overlay());
            case GraphAction.InsertFilter insert -> insertFilter(insert.node(), insert.filter());
            case GraphAction.RemoveFilter remove -> new DropFilter(remove.name());
            case GraphAction.ReplaceNode replace -> new ReplaceNode(replace.from(), replace.to());
            case GraphAction.Reopen reopen -> reopen(reopen.options());
        };
        graph = change.apply(graph);
        changes.add(change);
    }

    Publication commit(Duration patience) {
        Publication publication = live.commit(changes.size() == 1 ? changes.getFirst() : Changes.of(changes), patience);
        if (changes.size() > 1) {
            closeAllBut(publication.graph());
        }
        nodes.clear();
        reopened.clear();
        return publication;
    }

    private void closeAllBut(BlockGraph published) {
        Set<Object> owned = Collections.newSetFromMap(new IdentityHashMap<>());
        for (BlockNode node : published.nodes().values()) {
            owned.add(node.state());
            owned.add(node.settings());
        }
        nodes.forEach(opened -> opened.closeUnless(owned::contains));
        reopened.forEach(opened -> opened.closeUnless(owned::contains));
    }

    /** Closes what was opened, unless it was published. */
    @Override
    public void close() {
        reopened.reversed().forEach(ReopenedNodes::close);
        nodes.reversed().forEach(OpenedNodes::close);
        nodes.clear();
        reopened.clear();
    }

    /**
     * An overlay that is smaller than what it is put over would cut off the end of every disk above it, and one that
     * reads nothing from a backing child would hide it all.
     */
    private GraphChange snapshot(String node, String overlay) {
        PlanNode top = plans.compile(overlay, graph);
        if (!top.driver().acceptsBacking()) {
            throw new ServiceException("node '" + overlay + "' (" + top.driver().driverName() + ") cannot be put over"
                    + " node '" + node + "': its driver takes no backing node; use one of driver overlay");
        }
        long below = plans.compile(node, graph).size();
        long above = top.size();
        boolean ownSize = graph.node(overlay).options().containsKey("size");
        if (ownSize && above < below) {
            throw new ServiceException("overlay '" + overlay + "' has " + above + " bytes and node '" + node + "' "
                    + below + ": give the overlay a size of at least as much, or none, and it takes the node's");
        }
        return new AppendOverlay(node, overlay);
    }

    private GraphChange insertFilter(String node, Map<String, Object> filterOptions) {
        graph.node(node); // names the node when it does not exist; the filter's options would be blamed else
        Map<String, Object> options = new LinkedHashMap<>(filterOptions);
        options.putIfAbsent("file", node);
        OpenedNodes filter = openFilter(node, options);
        nodes.add(filter);
        if (filter.nodes().size() != 1 || !filter.topNode().filter()) {
            throw new ServiceException("driver '" + filter.topNode().driver() + "' makes no filter over node '" + node
                    + "': use a filter driver, passthrough say, with no children of its own");
        }
        return new InsertFilter(node, filter.topNode());
    }

    /** Says where the option came from that the user perhaps did not give. */
    private OpenedNodes openFilter(String node, Map<String, Object> options) {
        try {
            return NodeOpener.open(options, graph);
        } catch (OptionException e) {
            throw new ServiceException("filter with node '" + node + "' as its child 'file': " + e.getMessage());
        }
    }

    private GraphChange reopen(List<Map<String, @Nullable Object>> options) {
        if (options.isEmpty()) {
            throw new ServiceException("there is no node to reopen: give the options of at least one");
        }
        ReopenedNodes others = NodeOpener.reopen(options, graph);
        reopened.add(others);
        return others.change();
    }
}
