// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The edge from a node to one of its children. Immutable, and safe on any thread.
 *
 * @param name the child's name within its parent, {@code file} or {@code backing} say
 * @param roles what the child is for, at least one
 * @param child the name of the child node
 * @param shareLimit the most that the parent shares of the child, whatever its own users share
 * @param frozenBy what needs this edge as it is, a job say, or null; a frozen edge is neither redirected nor removed
 */
@AnyThread
public record Edge(
        String name,
        Set<ChildRole> roles,
        String child,
        Permissions shareLimit,
        @Nullable String frozenBy) {

    private static final Permissions UNCHANGED = Permissions.of(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED);

    /** The name that an overlay's edge to its copy-on-write child has. */
    public static final String BACKING = "backing";

    /**
     * Checks the roles against each other.
     *
     * @throws GraphException when a name is empty, when there is no role, or when roles exclude each other
     */
    public Edge {
        if (name.isEmpty() || child.isEmpty()) {
            throw new GraphException("an edge needs a name and a child, not '" + name + "' -> '" + child + "'");
        }
        if (roles.isEmpty()) {
            throw new GraphException("edge '" + name + "' to node '" + child + "' needs at least one role");
        }
        boolean stores = roles.contains(ChildRole.DATA) || roles.contains(ChildRole.METADATA);
        boolean filtered = roles.contains(ChildRole.FILTERED);
        boolean cow = roles.contains(ChildRole.COW);
        if ((stores && (filtered || cow)) || (filtered && cow)) {
            throw new GraphException("edge '" + name + "' to node '" + child + "' has roles that exclude each other "
                    + roles.mkString("(", ", ", ")") + ": use one of FILTERED, COW, or DATA and METADATA");
        }
    }

    /**
     * An edge that shares what its roles let it: under an overlay nothing may be written to, else all.
     *
     * @param name the child's name within its parent
     * @param roles what the child is for
     * @param child the name of the child node
     * @throws GraphException as the other constructor does
     */
    public Edge(String name, Set<ChildRole> roles, String child) {
        this(name, roles, child, roles.contains(ChildRole.COW) ? UNCHANGED : Permissions.ALL, null);
    }

    /**
     * An edge with the given roles.
     *
     * @param name the child's name within its parent
     * @param child the name of the child node
     * @param roles what the child is for
     * @return the edge
     * @throws GraphException as the constructor does
     */
    public static Edge of(String name, String child, ChildRole... roles) {
        return new Edge(name, HashSet.of(roles), child);
    }

    /**
     * The edge of a filter to the child whose data it presents.
     *
     * @param child the name of the child node
     * @return an edge named {@code file}
     */
    public static Edge filtered(String child) {
        return of("file", child, ChildRole.FILTERED, ChildRole.PRIMARY);
    }

    /**
     * The edge of an image format to the file that holds all of it.
     *
     * @param child the name of the child node
     * @return an edge named {@code file}
     */
    public static Edge image(String child) {
        return of("file", child, ChildRole.DATA, ChildRole.METADATA, ChildRole.PRIMARY);
    }

    /**
     * The edge of an overlay to what it is laid over.
     *
     * @param child the name of the child node
     * @return an edge named {@value #BACKING}
     */
    public static Edge backing(String child) {
        return of(BACKING, child, ChildRole.COW);
    }

    /**
     * Whether the child plays this role.
     *
     * @param role the role
     * @return whether it is among the roles
     */
    public boolean is(ChildRole role) {
        return roles.contains(role);
    }

    /**
     * Whether writes to the parent may write to the child: every role but {@link ChildRole#COW}.
     *
     * @return whether the edge carries writes and flushes
     */
    public boolean carriesWrites() {
        return !is(ChildRole.COW);
    }

    /**
     * The same edge with another limit of what it shares. An overlay whose backing node may be written to, because a
     * filter below copies old data away before, shares {@link Permission#WRITE}.
     *
     * @param limit the most that the parent shares of the child
     * @return an edge that differs in the limit only
     */
    public Edge sharing(Permissions limit) {
        return new Edge(name, roles, child, limit, frozenBy);
    }

    /** The same edge, frozen by somebody, or by nobody for null. */
    Edge frozen(@Nullable String by) {
        return new Edge(name, roles, child, shareLimit, by);
    }

    /**
     * The same edge to another child.
     *
     * @param newChild the name of the other child
     * @return an edge that differs in the child only
     */
    public Edge to(String newChild) {
        return new Edge(name, roles, newChild, shareLimit, frozenBy);
    }
}
