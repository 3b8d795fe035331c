// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Changes;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.NodeSettings;
import org.rcublk.graph.Reopen;
import org.rcublk.graph.Resize;
import org.rcublk.graph.SetBacking;
import org.rcublk.graph.SetChild;
import org.rcublk.io.PlanCompiler;

/**
 * One run of {@link NodeOpener#reopen}: reads the options of existing nodes by the same recipes as opening does. What is new
 * is what stands for a child: it leads to the node that is the child, or to another one.
 */
@GlobalState
final class NodeReopening extends NodeOpening {
    private static final String DRIVER = "driver";
    private static final String NODE_NAME = "node-name";

    private final BlockGraph before;
    private BlockGraph graph; // with the changes so far
    private final List<BlockNode> nodes = new ArrayList<>(); // as they were
    private final List<GraphChange> changes = new ArrayList<>();
    private final List<NodeSettings> made = new ArrayList<>();
    private final Deque<BlockNode> at = new ArrayDeque<>();

    NodeReopening(BlockGraph graph) {
        super(graph);
        this.before = graph;
        this.graph = graph;
    }

    List<NodeSettings> made() {
        return made;
    }

    /** Everything so far as one change. */
    ReopenedNodes result() {
        return new ReopenedNodes(new Unchanged(List.copyOf(nodes), Changes.of(changes)), made);
    }

    /** A node that the user named, and by its options perhaps children. */
    void reopen(Map<String, @Nullable Object> tree) {
        if (!(tree.get(NODE_NAME) instanceof String name)) {
            throw new OptionException("option 'node-name' is missing or no text: name the node to reopen");
        }
        try {
            reopen(name, tree, "", Inherited.NOTHING);
        } catch (OptionException | GraphException e) {
            throw new OptionException(new GraphException("reopen of node '" + name + "': " + e.getMessage(), e));
        }
    }

    private void reopen(String name, Map<String, @Nullable Object> tree, String path, Inherited from) {
        BlockNode node = graph.node(name);
        if (nodes.stream().anyMatch(n -> n.name().equals(name))) {
            throw new OptionException("node '" + name + "' is given options twice: give them once");
        }
        DriverOptions options = new DriverOptions(tree, path, node.driver());
        requireSame(options, DRIVER, node.driver());
        requireSame(options, NODE_NAME, name);
        DriverTable.Entry entry = DriverTable.find(node.driver());
        if (entry == null) {
            throw new OptionException("node '" + name + "' (" + node.driver() + ") has no options that could be read");
        }
        nodes.add(before.node(name));
        at.push(node);
        try {
            commit(node, options, read(name, entry, options, from));
        } finally {
            at.pop();
        }
    }

    private static void requireSame(DriverOptions options, String option, String now) {
        Object given = options.raw(option);
        boolean needed = option.equals(DRIVER);
        if ((needed || given != null) && !now.equals(given)) {
            throw options.bad(option, given, "'" + now + "', which a reopen cannot change");
        }
    }

    /** The edges first: whether the options are right may depend on them. */
    private void commit(BlockNode node, DriverOptions options, DriverTable.Recipe recipe) {
        long sizeBefore = size(node.name());
        edges(node, recipe.edges()).forEach(this::add);
        DriverTable.Made opened = opened(node, options, recipe);
        if (!isOf(node, opened.settings())) {
            made.add(opened.settings());
        }
        io.vavr.collection.Map<String, Object> kept =
                unnamed(options.kept()).merge(node.options().filterKeys(k -> k.equals(DRIVER) || k.equals(NODE_NAME)));
        add(new Reopen(List.of(new Reopen.Reopened(node.name(), kept, opened.settings(), opened.readOnly()))));
        if (size(node.name()) != sizeBefore) {
            add(new Resize(node.name(), kept, opened.settings())); // its users have to put up with that
        }
    }

    @SuppressWarnings("ReferenceEquality") // who closes it depends on what it is
    private static boolean isOf(BlockNode node, NodeSettings settings) {
        return node.settings() == settings;
    }

    private static DriverTable.Made opened(BlockNode node, DriverOptions options, DriverTable.Recipe recipe) {
        DriverTable.Reopen reopen = recipe.reopen();
        if (reopen == null) {
            if (!unnamed(options.kept()).equals(unnamed(node.options()))) {
                throw new OptionException("node '" + node.name() + "' (" + node.driver()
                        + ") cannot be given other options while it is in the graph: add another node instead");
            }
            return new DriverTable.Made(node.settings(), node.readOnly());
        }
        try {
            return reopen.reopen(node);
        } catch (IOException e) {
            throw new OptionException(e);
        }
    }

    private static io.vavr.collection.Map<String, Object> unnamed(io.vavr.collection.Map<String, Object> options) {
        return options.remove(NODE_NAME).remove(DRIVER);
    }

    private void add(GraphChange change) {
        graph = change.apply(graph);
        changes.add(change);
    }

    private static List<GraphChange> edges(BlockNode node, Iterable<Edge> wanted) {
        Map<String, Edge> now = new LinkedHashMap<>();
        node.children().forEach(e -> now.put(e.name(), e));
        List<GraphChange> changes = new ArrayList<>();
        for (Edge edge : wanted) {
            Edge old = now.remove(edge.name());
            if (old == null || !old.child().equals(edge.child())) {
                changes.add(
                        edge.is(ChildRole.COW)
                                ? new SetBacking(node.name(), edge.child())
                                : new SetChild(node.name(), edge.name(), edge.child()));
            }
        }
        now.values().forEach(gone -> changes.add(new SetBacking(node.name(), null))); // no other can be detached
        return changes;
    }

    @Override
    @SuppressWarnings("unchecked") // every map in the tree was made by OptionTree
    @Nullable
    String optional(DriverOptions options, String name, Inherited from) {
        BlockNode parent = at.element();
        Edge edge = parent.children().find(e -> e.name().equals(name)).getOrNull();
        Object value = options.child(name);
        if (edge == null) {
            return value instanceof Map ? noChild(options, name) : super.optional(options, name, from);
        }
        boolean cow = edge.is(ChildRole.COW);
        if (value == null && !(cow && options.has(name))) {
            throw new OptionException("option '" + options.path() + name + "' has to say what becomes of the child '"
                    + edge.child() + "': give its name, its options, the name of another node"
                    + (cow ? ", or null to detach it" : ""));
        }
        if (value instanceof Map) {
            reopen(edge.child(), (Map<String, @Nullable Object>) value, options.path() + name + ".", from);
            return edge.child();
        }
        if (edge.child().equals(value)) {
            inherit(graph.node(edge.child()), options.path() + name + ".", from);
        }
        return super.optional(options, name, from);
    }

    private static String noChild(DriverOptions options, String name) {
        throw new OptionException("option '" + options.path() + name
                + "' gives options to a child that is not there: add the node first, and give its name");
    }

    /** A child that was described inline follows its parent in what it took from it. */
    private void inherit(BlockNode child, String path, Inherited from) {
        if (child.implicit() && nodes.stream().noneMatch(n -> n.name().equals(child.name()))) {
            Map<String, @Nullable Object> tree =
                    OptionTree.unfold(child.options().toJavaMap());
            child.children().forEach(e -> tree.put(e.name(), e.child()));
            reopen(child.name(), tree, path, from);
        }
    }

    @Override
    long size(String node) {
        return new PlanCompiler().compile(node, graph).size();
    }
}
