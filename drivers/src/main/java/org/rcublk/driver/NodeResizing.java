// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import io.vavr.collection.Map;
import java.io.IOException;
import java.util.List;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.NodeSettings;
import org.rcublk.graph.Resize;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.Resizing;

/**
 * Another size for a node, made ready. A node that presents its child's size, a filter or a raw window to the end, gets it
 * by its child's. Publish {@link #change}, then call {@link #published}; if that fails, {@link #cancelled}.
 */
@GlobalState
public final class NodeResizing {
    private static final String SIZE = "size";

    private final GraphChange change;
    private final Resizing resizing;
    private final NodeSettings settings;

    private NodeResizing(BlockNode node, Map<String, Object> options, Resizing resizing) {
        this.resizing = resizing;
        this.settings = resizing.settings();
        this.change = new Unchanged(List.of(node), new Resize(node.name(), options, settings));
    }

    /**
     * Makes another size ready.
     *
     * @param name the node's name
     * @param size bytes
     * @param graph the current graph
     * @return what to publish, and then to end
     * @throws OptionException when the node cannot get that size, or may not: one line for the user; nothing has changed
     */
    public static NodeResizing prepare(String name, long size, BlockGraph graph) {
        try {
            BlockNode node = graph.node(name);
            long own = size;
            long below = driver(node).childSizeFor(node, own);
            while (below >= 0) {
                own = below;
                node = graph.node(dataChild(node));
                below = driver(node).childSizeFor(node, own);
            }
            Map<String, Object> options =
                    node.options().containsKey(SIZE) ? node.options().put(SIZE, own) : node.options();
            // Before anything is done to what is outside of the graph, a file say.
            graph.requireAllowed(new Resize(node.name(), options, node.settings()));
            return new NodeResizing(node, options, driver(node).resize(node, own));
        } catch (IOException | GraphException e) {
            throw new OptionException(e);
        }
    }

    private static BlockDriver driver(BlockNode node) {
        if (node.state() instanceof BlockDriver driver) {
            return driver;
        }
        throw new GraphException("node '" + node.name() + "' (" + node.driver() + ") has no size: name another node");
    }

    private static String dataChild(BlockNode node) {
        Edge edge = node.child(ChildRole.FILTERED);
        edge = edge == null ? node.child(ChildRole.PRIMARY) : edge;
        if (edge == null) {
            throw new GraphException("node '" + node.name() + "' has no child whose size it could have");
        }
        return edge.child();
    }

    /**
     * The change to publish.
     *
     * @return the change of the node's size
     */
    public GraphChange change() {
        return change;
    }

    /**
     * After the publication: gives back what a smaller node has no use for.
     *
     * @throws IOException when that failed; the node has its new size all the same
     */
    public void published() throws IOException {
        resizing.published();
    }

    /** When the change was not published: as if nothing had been made ready. */
    public void cancelled() {
        resizing.cancelled();
        ReopenedNodes.closeAll(List.of(settings));
    }
}
