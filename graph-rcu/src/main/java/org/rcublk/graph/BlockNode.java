// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * A node as one version of the graph describes it. Immutable, and safe on any thread.
 *
 * <p>What lives as long as the node does (the open file, caches, tracking of overlaps) is its {@code state}, which
 * all versions that hold the node share. Two descriptions of one node differ in their edges or options and have the
 * same state.
 *
 * @param name unique in the graph: at most 31 characters, a letter and then letters, digits, {@code -}, {@code .} and
 *     {@code _}; a name that the software made up starts with {@code #} instead
 * @param driver the name of the driver
 * @param options the driver's options, as given
 * @param settings what the driver made of the options; a value of this description, where {@code state} is not
 * @param children the edges to the children, in the driver's order, each under a name of its own
 * @param filter whether the node presents its {@link ChildRole#FILTERED} child's data unchanged; such a node has one
 * @param implicit whether the node belongs to its parent (it was described inline), and goes when the last parent does
 * @param readOnly whether the node refuses writes
 * @param state the node's identity
 */
@AnyThread
public record BlockNode(
        String name,
        String driver,
        Map<String, Object> options,
        NodeSettings settings,
        Vector<Edge> children,
        boolean filter,
        boolean implicit,
        boolean readOnly,
        NodeState state) {

    /** The longest name that a node may have. */
    public static final int MAX_NAME = 31;

    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z]|#[A-Za-z0-9._-])[A-Za-z0-9._-]*");

    /**
     * Checks the name and the roles of the children.
     *
     * @throws GraphException when the name breaks the rule, when two children have one name, when a role that may
     *     occur once occurs twice, or when a filter has no filtered child
     */
    public BlockNode {
        checkName(name);
        Set<String> names = children.foldLeft(HashSet.<String>empty(), (seen, e) -> seen.add(e.name()));
        if (names.size() != children.size()) {
            throw new GraphException("node '" + name + "' has two children of one name: give each its own");
        }
        for (ChildRole role : new ChildRole[] {ChildRole.FILTERED, ChildRole.COW, ChildRole.PRIMARY}) {
            int count = children.count(e -> e.is(role));
            if (count > 1) {
                throw new GraphException("node '" + name + "' has " + count + " " + role + " children: keep one");
            }
        }
        if (filter && !children.exists(e -> e.is(ChildRole.FILTERED))) {
            throw new GraphException("filter '" + name + "' has no FILTERED child: name the node that it filters");
        }
    }

    /**
     * A node as its state was opened: with those settings, and read-only or not.
     *
     * @param name unique in the graph
     * @param driver the name of the driver
     * @param options the driver's options, as given
     * @param children the edges to the children
     * @param filter whether it is a filter
     * @param implicit whether it belongs to its parent
     * @param state the node's identity
     * @throws GraphException as the other constructor does
     */
    public BlockNode(
            String name,
            String driver,
            Map<String, Object> options,
            Vector<Edge> children,
            boolean filter,
            boolean implicit,
            NodeState state) {
        this(name, driver, options, state.settings(), children, filter, implicit, state.readOnly(), state);
    }

    /**
     * A node with no options, neither filter nor implicit.
     *
     * @param name unique in the graph
     * @param driver the name of the driver
     * @param state the node's identity
     * @param children the edges to the children
     * @return the node
     * @throws GraphException as the constructor does
     */
    public static BlockNode of(String name, String driver, NodeState state, Edge... children) {
        return new BlockNode(name, driver, HashMap.empty(), Vector.of(children), false, false, state);
    }

    /**
     * A filter over a node, with no options and no other child.
     *
     * @param name unique in the graph
     * @param driver the name of the driver
     * @param state the filter's identity
     * @param child the name of the node that it filters
     * @return the filter
     * @throws GraphException as the constructor does
     */
    public static BlockNode filter(String name, String driver, NodeState state, String child) {
        return new BlockNode(name, driver, HashMap.empty(), Vector.of(Edge.filtered(child)), true, false, state);
    }

    /**
     * Checks a name against the rule for node names.
     *
     * @param name the name
     * @throws GraphException when it breaks the rule, which the message states
     */
    public static void checkName(String name) {
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new GraphException("node name '" + name + "' is not valid: use at most " + MAX_NAME
                    + " characters, a letter and then letters, digits, '-', '.' and '_'");
        }
    }

    /**
     * The child that plays a role.
     *
     * @param role the role; with a role that several children may play, the first is returned
     * @return the edge, or null
     */
    public @Nullable Edge child(ChildRole role) {
        return children.find(e -> e.is(role)).getOrNull();
    }

    /**
     * The same node with other edges.
     *
     * @param newChildren the edges
     * @return a node that differs in its edges only
     * @throws GraphException as the constructor does
     */
    public BlockNode withChildren(Vector<Edge> newChildren) {
        return new BlockNode(name, driver, options, settings, newChildren, filter, implicit, readOnly, state);
    }

    /**
     * The same node with other options.
     *
     * @param newOptions the driver's options
     * @param newSettings what the driver made of them
     * @param newReadOnly whether the node refuses writes from now on
     * @return a node that differs in these only
     */
    public BlockNode withOptions(Map<String, Object> newOptions, NodeSettings newSettings, boolean newReadOnly) {
        return new BlockNode(name, driver, newOptions, newSettings, children, filter, implicit, newReadOnly, state);
    }

    /** The same node, each edge to {@code from} leading to {@code to} instead. */
    BlockNode redirected(String from, String to) {
        return withChildren(children.map(e -> e.child().equals(from) ? e.to(to) : e));
    }
}
