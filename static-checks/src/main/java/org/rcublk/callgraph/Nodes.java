// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes while the graph is built. */
final class Nodes {
    private static final MethodRef MONITOR = new MethodRef("", "<monitor>", "");

    private final Types types;
    private final Rules rules;
    private final Library library;
    private final Map<MethodRef, Node> byRef = new HashMap<>();

    Nodes(Types types, Rules rules, Library library) {
        this.types = types;
        this.rules = rules;
        this.library = library;
    }

    Iterable<Node> all() {
        return byRef.values();
    }

    @Nullable
    Node find(MethodRef ref) {
        return byRef.get(ref);
    }

    /** Of an analysed method. */
    Node method(MethodFacts method) throws CallGraphException {
        Node node = byRef.get(method.ref());
        if (node == null) {
            ClassFacts owner = types.analysed(method.owner);
            node = new Node(Node.Kind.METHOD, method.ref(), owner == null ? null : owner.sourceFile, method.line);
            byRef.put(method.ref(), node);
            label(node, method);
            node.allocate(method.allocations);
        }
        return node;
    }

    private void label(Node node, MethodFacts method) throws CallGraphException {
        for (String label : rules.others(method)) {
            node.label("@" + label);
        }
        Rules.Found rule = rules.of(method);
        if (rule != null) {
            node.rule(rule.rule(), rule.origin());
        }
    }

    /** Of a method that is not analysed, under the name by which it is called. */
    Node library(MethodRef called, @Nullable MethodFacts resolved) throws CallGraphException {
        MethodRef ref = called;
        if (resolved != null && types.analysed(called.owner()) != null) {
            ref = resolved.ref();
        }
        Node node = byRef.get(ref);
        if (node == null) {
            node = new Node(Node.Kind.LIBRARY, ref, null, 0);
            byRef.put(ref, node);
            if (library.blocks(ref)) {
                node.label(Node.BLOCKING);
            }
            if (resolved != null) {
                label(node, resolved);
            }
        }
        return node;
    }

    Node field(String owner, String name) throws CallGraphException {
        String declaring = types.declaring(owner, name);
        MethodRef ref = new MethodRef(declaring, name, "");
        Node node = byRef.get(ref);
        if (node == null) {
            ClassFacts facts = types.find(declaring);
            node = new Node(Node.Kind.FIELD, ref, facts == null ? null : facts.sourceFile, 0);
            byRef.put(ref, node);
            if (facts != null) {
                for (String annotation : facts.fields.getOrDefault(name, java.util.Set.of())) {
                    node.label("@" + annotation);
                }
            }
        }
        return node;
    }

    Node monitor() {
        Node node = byRef.get(MONITOR);
        if (node == null) {
            node = new Node(Node.Kind.MONITOR, MONITOR, null, 0);
            node.label(Node.BLOCKING);
            byRef.put(MONITOR, node);
        }
        return node;
    }
}
