// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** Draws the edges of one graph: whom each call may reach, by the classes that there are. */
final class Linker {
    private final Types types;
    private final Rules rules;
    private final Nodes nodes;
    private final Functions functions;

    Linker(Types types, Rules rules, Library library, Nodes nodes) {
        this.types = types;
        this.rules = rules;
        this.nodes = nodes;
        this.functions = new Functions(types, rules, library, nodes);
    }

    void link() throws CallGraphException {
        for (ClassFacts type : types.analysed()) {
            type.methods.values().forEach(this::passed);
        }
        for (ClassFacts type : types.analysed()) {
            for (MethodFacts method : type.methods.values()) {
                nodes.method(method);
                functions.declare(method);
            }
        }
        for (ClassFacts type : types.analysed()) {
            for (MethodFacts method : type.methods.values()) {
                link(type, method, nodes.method(method));
            }
        }
        functions.solve();
    }

    /** By the code of the method alone, and before any method gets its rule. */
    private void passed(MethodFacts method) {
        for (Call call : method.calls) {
            int receiver = call.kind == Call.Kind.STATIC ? 0 : 1;
            for (Set<Origin> argument : call.arguments.subList(receiver, call.arguments.size())) {
                for (Origin origin : argument) {
                    if (origin instanceof Origin.Created created && types.isAnonymous(created.type)) {
                        rules.passed(created.type);
                    }
                }
            }
        }
    }

    private void link(ClassFacts type, MethodFacts method, Node node) throws CallGraphException {
        if (method.is(Opcodes.ACC_SYNCHRONIZED)) {
            node.add(new Edge(node, nodes.monitor(), Edge.Kind.MONITOR, method.line, "synchronized method", false));
        }
        for (int line : method.monitors) {
            node.add(new Edge(node, nodes.monitor(), Edge.Kind.MONITOR, line, "synchronized block", false));
        }
        for (MethodFacts.TypeUse use : method.initialised) {
            initialise(type, node, use);
        }
        for (MethodFacts.FieldAccess access : method.fieldAccesses) {
            Edge.Kind kind = access.write() ? Edge.Kind.WRITE : Edge.Kind.READ;
            Node field = nodes.field(access.owner(), access.name());
            node.add(new Edge(node, field, kind, access.line(), access.write() ? "writes" : "reads", false));
        }
        for (Call call : method.calls) {
            functions.arguments(method, call);
            call(method, node, call);
        }
    }

    /** A class is initialised by then if the code that runs is its own, or a subclass's. */
    private void initialise(ClassFacts from, Node node, MethodFacts.TypeUse use) throws CallGraphException {
        for (ClassFacts type = types.analysed(use.type()); type != null; type = superclass(type)) {
            if (types.isSubtype(from.name, type.name)) {
                return;
            }
            MethodFacts initializer = type.method("<clinit>", "()V");
            if (initializer != null) {
                Node to = nodes.method(initializer);
                node.add(new Edge(node, to, Edge.Kind.INITIALIZER, use.line(), "first use of the class", false));
            }
        }
    }

    private @Nullable ClassFacts superclass(ClassFacts type) {
        return type.superName == null ? null : types.analysed(type.superName);
    }

    private void call(MethodFacts from, Node node, Call call) throws CallGraphException {
        MethodRef target = call.target;
        MethodFacts resolved = types.resolve(target.owner(), target.name(), target.descriptor());
        functions.labels(call, resolved);
        boolean inside = resolved != null && types.isAnalysed(resolved);
        if (call.kind != Call.Kind.VIRTUAL) {
            if (inside && resolved != null) {
                to(node, call, resolved, Edge.Kind.CALL, "");
            } else {
                library(from, node, call, resolved);
            }
            return;
        }
        boolean flows = target.owner().equals("java/lang/Object") || types.isLibraryFunction(target.owner());
        List<MethodFacts> found = flows ? List.of() : types.implementations(target);
        for (MethodFacts method : found) {
            boolean plain = method == resolved;
            functions.labels(call, method);
            to(node, call, method, plain ? Edge.Kind.CALL : Edge.Kind.VIRTUAL, plain ? "" : via(target.owner()));
        }
        boolean any = functions.dispatch(node, call);
        if (!inside || resolved == null) {
            library(from, node, call, resolved);
        } else if (found.isEmpty() && !any) {
            to(node, call, resolved, Edge.Kind.CALL, "");
        }
    }

    private String via(String owner) throws CallGraphException {
        ClassFacts type = types.find(owner);
        return (type != null && type.isInterface() ? "via interface " : "via class ") + Names.type(owner);
    }

    private void to(Node node, Call call, MethodFacts method, Edge.Kind kind, String note) throws CallGraphException {
        node.add(new Edge(node, nodes.method(method), kind, call.line, note, call.throwing));
        functions.bind(call, method);
    }

    private void library(MethodFacts from, Node node, Call call, @Nullable MethodFacts resolved)
            throws CallGraphException {
        Node leaf = nodes.library(call.target, resolved);
        node.add(new Edge(node, leaf, Edge.Kind.CALL, call.line, "", call.throwing));
        functions.library(from, node, call);
    }
}
