// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Anonymous classes have, as lambdas do, the rules of the parameters that they are passed to. */
final class AnonymousClasses {
    private final Types types;
    private final Rules rules;
    private final Nodes nodes;
    private final Map<String, Set<String>> labels = new TreeMap<>();

    AnonymousClasses(Types types, Rules rules, Nodes nodes) {
        this.types = types;
        this.rules = rules;
        this.nodes = nodes;
    }

    /** An object of a class comes to a parameter with annotations. A class with a name has rules of its own, or none. */
    void label(String type, Set<String> annotations) {
        if (types.isAnonymous(type)) {
            labels.computeIfAbsent(type, _ -> new HashSet<>()).addAll(annotations);
        }
    }

    /** When no more labels come: gives them to the methods that have no rule, or only that of an enclosing class. */
    void solve() throws CallGraphException {
        for (Map.Entry<String, Set<String>> entry : labels.entrySet()) {
            ClassFacts type = types.analysed(entry.getKey());
            for (MethodFacts method : type == null ? List.<MethodFacts>of() : List.copyOf(type.methods.values())) {
                if (!method.isStatic() && !method.isFunctionBody() && !method.name.equals("<init>")) {
                    label(method, entry.getValue());
                }
            }
        }
    }

    private void label(MethodFacts method, Set<String> annotations) throws CallGraphException {
        Node node = nodes.method(method);
        Rules.Found found = rules.of(method);
        String rule = Rules.strictest(annotations);
        if (rule != null && (found == null || found.origin() == Node.RuleOrigin.TYPE)) {
            node.replaceRule(rule, Node.RuleOrigin.PARAMETER);
        }
        annotations.stream().filter(label -> !Rules.THREADS.contains(label)).forEach(label -> node.label("@" + label));
    }
}
