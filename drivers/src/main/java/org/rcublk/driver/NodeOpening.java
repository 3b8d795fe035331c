// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphException;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.PlanCompiler;

/** One run of {@link NodeOpener}: the nodes that it has opened so far, and the options that all drivers share. */
@GlobalState
class NodeOpening {
    static final String UNMAP = "unmap";
    static final String IGNORE = "ignore";

    /**
     * What an inline child takes from its parent unless its own options say otherwise.
     *
     * @param readOnly whether it is opened for reading only
     * @param discard ignore or unmap, null for the driver's default
     */
    record Inherited(boolean readOnly, @Nullable String discard) {
        static final Inherited NOTHING = new Inherited(false, null);
    }

    private static final AtomicLong GENERATED = new AtomicLong();

    private final BlockGraph graph;
    private final List<BlockNode> opened = new ArrayList<>();
    private final Deque<String> underWay = new ArrayDeque<>();
    private final Deque<Inherited> inherited = new ArrayDeque<>();

    NodeOpening(BlockGraph graph) {
        this.graph = graph;
    }

    List<BlockNode> opened() {
        return opened;
    }

    /** Opens a node and its inline children; they are in {@link #opened}, children first. */
    String open(Map<String, @Nullable Object> tree, String path, boolean implicit, Inherited from) {
        if (underWay.size() >= OptionTree.MAX_DEPTH) {
            throw new OptionException("nodes nest deeper than " + OptionTree.MAX_DEPTH + " levels: nest less");
        }
        DriverOptions naming = new DriverOptions(tree, path, "");
        Object driver = naming.raw("driver");
        if (!(driver instanceof String driverName)) {
            throw new OptionException("option '" + path + "driver' is missing or no text: name one of "
                    + String.join(", ", DriverTable.names()));
        }
        DriverTable.Entry entry = DriverTable.find(driverName);
        if (entry == null) {
            throw new OptionException(
                    "driver '" + driverName + "' is not known: use one of " + String.join(", ", DriverTable.names()));
        }
        DriverOptions options = new DriverOptions(tree, path, driverName);
        options.raw("driver");
        String name = name(options);
        underWay.push(name);
        inherited.push(from);
        try {
            add(name, options, read(entry, options), implicit);
            return name;
        } finally {
            underWay.pop();
            inherited.pop();
        }
    }

    /** Reads the options of a node that is there, and what becomes of its children. */
    final DriverTable.Recipe read(String name, DriverTable.Entry entry, DriverOptions options, Inherited from) {
        underWay.push(name);
        inherited.push(from);
        try {
            return read(entry, options);
        } finally {
            underWay.pop();
            inherited.pop();
        }
    }

    private DriverTable.Recipe read(DriverTable.Entry entry, DriverOptions options) {
        DriverTable.Recipe recipe = entry.read(options, this);
        common(options);
        options.requireAllKnown();
        return recipe;
    }

    private void add(String name, DriverOptions options, DriverTable.Recipe recipe, boolean implicit) {
        BlockDriver driver;
        try {
            driver = recipe.open().open();
        } catch (IOException e) {
            throw new OptionException(e);
        }
        opened.add(new BlockNode(
                name, options.driver(), options.kept(), recipe.edges(), recipe.filter(), implicit, driver));
    }

    private String name(DriverOptions options) {
        String name = options.text("node-name");
        if (name == null) {
            do {
                name = String.format("#block%03d", GENERATED.getAndIncrement());
            } while (graph.find(name) != null);
            return name;
        }
        if (name.startsWith("#")) {
            throw options.bad("node-name", name, "a name that begins with a letter");
        }
        try {
            BlockNode.checkName(name);
        } catch (GraphException e) {
            throw new OptionException(e);
        }
        if (graph.find(name) != null || findOpened(name) != null || underWay.contains(name)) {
            throw new OptionException("node '" + name + "' exists already: choose another node-name");
        }
        return name;
    }

    private @Nullable BlockNode findOpened(String name) {
        for (BlockNode node : opened) {
            if (node.name().equals(name)) {
                return node;
            }
        }
        return null;
    }

    /** A child that has to be given; its node's name. */
    String required(DriverOptions options, String name, Inherited from) {
        String child = optional(options, name, from);
        if (child == null) {
            throw new OptionException("driver '" + options.driver() + "' needs the option '" + options.path() + name
                    + "': give a node's name, or the options of a child");
        }
        return child;
    }

    /** A child: the name of an existing node, or an inline child that is opened now. */
    @SuppressWarnings("unchecked") // every map in the tree was made by OptionTree
    @Nullable
    String optional(DriverOptions options, String name, Inherited from) {
        Object value = options.child(name);
        return switch (value) {
            case null -> null;
            case String reference -> reference(options, name, reference);
            case Map<?, ?> tree -> open((Map<String, @Nullable Object>) tree, options.path() + name + ".", true, from);
            default -> throw options.bad(name, value, "a node's name, or the options of a child");
        };
    }

    private String reference(DriverOptions options, String name, String reference) {
        if (underWay.contains(reference)) {
            throw new OptionException("option '" + options.path() + name + "' makes a cycle: node '" + reference
                    + "' would be its own child; name another node");
        }
        if (graph.find(reference) == null && findOpened(reference) == null) {
            throw new OptionException("option '" + options.path() + name + "' names the node '" + reference
                    + "', which does not exist: add it first");
        }
        return reference;
    }

    /** How large the disk is that a node presents, for checks at opening. */
    long size(String node) {
        try {
            return new PlanCompiler().compile(node, graph.addNodes(opened)).size();
        } catch (GraphException e) {
            throw new OptionException(e);
        }
    }

    /** How large the disk is that a node presents before anything is changed. */
    final long sizeNow(String node) {
        return new PlanCompiler().compile(node, graph).size();
    }

    boolean readOnly(DriverOptions options) {
        return options.flag("read-only", current().readOnly());
    }

    boolean autoReadOnly(DriverOptions options) {
        return options.flag("auto-read-only", false);
    }

    String discard(DriverOptions options) {
        String fromParent = current().discard();
        String word = options.choice("discard", fromParent == null ? IGNORE : fromParent, IGNORE, UNMAP, "on", "off");
        return word.equals("on") || word.equals(UNMAP) ? UNMAP : IGNORE;
    }

    /** For a driver that always honours discards itself. */
    void discardIsPassive(DriverOptions options) {
        options.choice("discard", UNMAP, UNMAP, "on");
    }

    /** Options that every node has, so that what was written for QEMU runs. */
    private void common(DriverOptions options) {
        readOnly(options);
        autoReadOnly(options);
        options.choice("detect-zeroes", "off", "off");
        options.choice("cache.direct", "off", "off");
        options.flag("cache.no-flush", false); // a flush that is not asked for does no harm
    }

    private Inherited current() {
        Inherited from = inherited.peek();
        return from == null ? Inherited.NOTHING : from;
    }
}
