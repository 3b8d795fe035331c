// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * An entry point of the graph as one version describes it: an export, a job, a device. Immutable.
 *
 * @param id unique among the roots of the graph
 * @param node the name of the node that it sits on
 * @param kind what it is
 * @param grant what it does with its node, and what others may do
 * @param state the root's identity, with the domain of its read sections; its id is the same
 */
@AnyThread
public record GraphRoot(String id, String node, RootKind kind, Grant grant, RootState state) {

    /**
     * Checks that the identity is the root's own.
     *
     * @throws GraphException when the state has another id
     */
    public GraphRoot {
        if (!state.id().equals(id)) {
            throw new GraphException("root '" + id + "' was given the state of root '" + state.id()
                    + "': make a state of its own for each root");
        }
    }

    /**
     * An export.
     *
     * @param id unique among the roots of the graph
     * @param node the name of the node that it sits on
     * @param writable whether it may write
     * @param state the root's identity
     * @throws GraphException as the other constructor does
     */
    public GraphRoot(String id, String node, boolean writable, RootState state) {
        this(id, node, RootKind.EXPORT, Grant.export(writable), state);
    }

    /**
     * Whether the root may write.
     *
     * @return whether it uses {@link Permission#WRITE}
     */
    public boolean writable() {
        return grant.used().has(Permission.WRITE);
    }

    /** The same root on another node. */
    GraphRoot on(String newNode) {
        return new GraphRoot(id, newNode, kind, grant, state);
    }

    /**
     * The same root with other permissions.
     *
     * @param newGrant what it does with its node from now on, and what others may do
     * @return a root that differs in these only
     */
    public GraphRoot with(Grant newGrant) {
        return new GraphRoot(id, node, kind, newGrant, state);
    }
}
