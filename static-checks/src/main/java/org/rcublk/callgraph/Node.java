// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A method, field or pseudo method of the call graph, with its labels: the simple names of annotations with an {@code @} before
 * them, and {@value #BLOCKING} for what may stop its caller.
 */
public final class Node implements Comparable<Node> {
    /** The label of known-blocking methods and of the monitor. */
    public static final String BLOCKING = "blocking";

    /** The label of methods that have a place that allocates. */
    public static final String ALLOCATION = "allocation";

    /** What a node stands for. */
    public enum Kind {
        /** A method of an analysed class. */
        METHOD,
        /** A method of another class: a leaf. */
        LIBRARY,
        /** A field. An edge to it reads or writes it. */
        FIELD,
        /** The monitor of any object. */
        MONITOR
    }

    /** How a method came by its threading rule. */
    public enum RuleOrigin {
        /** Its own annotation. */
        OWN,
        /** A method that it overrides. */
        OVERRIDDEN,
        /** Its class, or an enclosing one. */
        TYPE,
        /** A lambda or anonymous class: the parameter that it is passed to; a lambda: the functional interface's method. */
        PARAMETER
    }

    private final Kind kind;
    private final MethodRef ref;
    private final @Nullable String sourceFile;
    private final int line;
    private final Set<String> labels = new TreeSet<>();
    private final Set<Edge> out = new LinkedHashSet<>();
    private final List<Edge> in = new ArrayList<>();
    private final List<Allocation> allocations = new ArrayList<>();
    private @Nullable RuleOrigin ruleOrigin;

    Node(Kind kind, MethodRef ref, @Nullable String sourceFile, int line) {
        this.kind = kind;
        this.ref = ref;
        this.sourceFile = sourceFile;
        this.line = line;
    }

    /**
     * What it stands for.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Its name in byte code.
     *
     * @return the name; a field's has the descriptor ""
     */
    public MethodRef ref() {
        return ref;
    }

    /**
     * Its name as a stack trace has it.
     *
     * @return class and method or field, such as {@code org.rcublk.io.IoThread.run}
     */
    public String name() {
        return kind == Kind.MONITOR ? ref.name() : Names.type(ref.owner()) + "." + ref.name();
    }

    /**
     * The parameters.
     *
     * @return types in parentheses, in full; empty for what has none
     */
    public String parameters() {
        return ref.descriptor().isEmpty() ? "" : Names.parameters(ref.descriptor());
    }

    /**
     * The file that it was compiled from.
     *
     * @return the name without folders, or null if it is not analysed or its class file does not say
     */
    public @Nullable String sourceFile() {
        return sourceFile;
    }

    /**
     * Its first line with code.
     *
     * @return the line, or 0 if that is not known
     */
    public int line() {
        return line;
    }

    /**
     * Its labels.
     *
     * @return sorted; a view
     */
    public Set<String> labels() {
        return Collections.unmodifiableSet(labels);
    }

    /**
     * How it came by its threading rule.
     *
     * @return the way, or null if it has none
     */
    public @Nullable RuleOrigin ruleOrigin() {
        return ruleOrigin;
    }

    /**
     * What it calls, reads and writes.
     *
     * @return a view, in the order of the code as far as that counts
     */
    public Set<Edge> out() {
        return Collections.unmodifiableSet(out);
    }

    /**
     * Who calls, reads or writes it.
     *
     * @return a view
     */
    public List<Edge> in() {
        return Collections.unmodifiableList(in);
    }

    /**
     * Where it allocates. What only puts together an exception that is thrown is left out.
     *
     * @return a view
     */
    public List<Allocation> allocations() {
        return Collections.unmodifiableList(allocations);
    }

    void label(String label) {
        labels.add(label);
    }

    void rule(String annotation, RuleOrigin origin) {
        labels.add("@" + annotation);
        ruleOrigin = origin;
    }

    /** A better reason for another rule than the one that it has. */
    void replaceRule(String annotation, RuleOrigin origin) {
        Rules.THREADS.forEach(old -> labels.remove("@" + old));
        rule(annotation, origin);
    }

    void add(Edge edge) {
        if (out.add(edge)) {
            edge.to().in.add(edge);
        }
    }

    void allocate(List<Allocation> more) {
        allocations.addAll(more);
        if (!more.isEmpty()) {
            labels.add(ALLOCATION);
        }
    }

    @Override
    public int compareTo(Node other) {
        int byName = name().compareTo(other.name());
        return byName != 0 ? byName : ref.descriptor().compareTo(other.ref.descriptor());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name() + parameters();
    }
}
