// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of the graph, to show. A value; lists are sorted by name, except that children keep their driver's order.
 *
 * @param version the version's number
 * @param nodes all nodes
 * @param roots all roots
 */
public record GraphView(long version, List<NodeView> nodes, List<RootView> roots) {
    /** Copies the lists. */
    public GraphView {
        nodes = List.copyOf(nodes);
        roots = List.copyOf(roots);
    }

    /**
     * A node.
     *
     * @param name its name
     * @param driver its driver's name
     * @param options its options, as text, by name
     * @param filter whether it is a filter
     * @param implicit whether it belongs to its parent
     * @param readOnly whether it refuses writes
     * @param gated whether a gate holds on it
     * @param size the size of the disk that it presents, in bytes; -1 when that is not known
     * @param children its edges
     */
    public record NodeView(
            String name,
            String driver,
            Map<String, String> options,
            boolean filter,
            boolean implicit,
            boolean readOnly,
            boolean gated,
            long size,
            List<EdgeView> children) {
        /** Copies the collections. */
        public NodeView {
            options = Map.copyOf(options);
            children = List.copyOf(children);
        }
    }

    /**
     * An edge to a child.
     *
     * @param name the child's name within its parent
     * @param child the child node's name
     * @param roles the roles' names, in lower case
     * @param used the permissions that the parent uses, by their words
     * @param shared the permissions that the parent shares, by their words
     * @param frozenBy what freezes the edge, or null
     */
    public record EdgeView(
            String name,
            String child,
            List<String> roles,
            List<String> used,
            List<String> shared,
            @Nullable String frozenBy) {
        /** Copies the lists. */
        public EdgeView {
            roles = List.copyOf(roles);
            used = List.copyOf(used);
            shared = List.copyOf(shared);
        }
    }

    /**
     * A root.
     *
     * @param id its id
     * @param kind export, job or device
     * @param node the name of the node that it sits on
     * @param used the permissions that it uses, by their words
     * @param shared the permissions that it shares, by their words
     * @param gated whether a gate keeps its new requests out
     * @param inFlight how many of its requests run; -1 when that is not known, as in the history
     * @param parked how many of its requests wait at a gate; -1 when that is not known
     */
    public record RootView(
            String id,
            String kind,
            String node,
            List<String> used,
            List<String> shared,
            boolean gated,
            long inFlight,
            long parked) {
        /** Copies the lists. */
        public RootView {
            used = List.copyOf(used);
            shared = List.copyOf(shared);
        }
    }
}
