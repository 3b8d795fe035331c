// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphJsonException;
import org.rcublk.view.GraphView;

/**
 * Graphs as differences from the one before. A difference has the nodes and roots that were added or changed, as they are
 * now, and the names of those that went. Reading keeps the pieces as JSON, and only what is shown becomes a view.
 */
final class GraphDeltas {
    private static final String NODES_GONE = "nodes-gone";
    private static final String ROOTS_GONE = "roots-gone";

    private final Map<String, JsonNode> nodes = new TreeMap<>();
    private final Map<String, JsonNode> roots = new TreeMap<>();
    private boolean known;

    /** The difference to a graph, in JSON's values. */
    static Map<String, Object> difference(GraphDiff diff, GraphView after) {
        HistoryEntry.Changes names = diff.names();
        Set<String> newNodes = new TreeSet<>(names.nodesAdded());
        newNodes.addAll(names.nodesChanged());
        Set<String> newRoots = new TreeSet<>(names.rootsAdded());
        newRoots.addAll(names.rootsChanged());
        GraphView part = new GraphView(
                after.version(),
                after.nodes().stream().filter(n -> newNodes.contains(n.name())).toList(),
                after.roots().stream().filter(r -> newRoots.contains(r.id())).toList());
        Map<String, Object> map = new LinkedHashMap<>(GraphJson.toMap(part));
        map.put(NODES_GONE, names.nodesRemoved());
        map.put(ROOTS_GONE, names.rootsRemoved());
        return map;
    }

    /** Goes on to the graph of the next record. */
    void apply(StoredRecord record) throws DamageException {
        JsonNode graph = record.graph();
        if (record.whole()) {
            nodes.clear();
            roots.clear();
            known = true;
        }
        if (!known) {
            throw new DamageException("a record that tells only what differs from one that is not there");
        }
        HistoryJson.names(graph, NODES_GONE).forEach(nodes::remove);
        HistoryJson.names(graph, ROOTS_GONE).forEach(roots::remove);
        graph.path("nodes").forEach(node -> nodes.put(node.path("name").asText(), node));
        graph.path("roots").forEach(root -> roots.put(root.path("id").asText(), root));
    }

    /** The graph that it is at. */
    GraphView view(long version) throws DamageException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("version", version);
        map.put("roots", List.copyOf(roots.values()));
        map.put("nodes", List.copyOf(nodes.values()));
        try {
            return GraphJson.parse(HistoryJson.text(map));
        } catch (GraphJsonException e) {
            throw new DamageException("a graph that cannot be: " + e.getMessage());
        }
    }
}
