// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The threading rules by their annotations' names: a method's own, else those of the nearest methods that it overrides
 * (of several, the strictest for callers), else its class's, else an enclosing class's. The last does not hold for anonymous
 * classes that are passed to a parameter: they have the parameter's rule.
 */
final class Rules {
    /** Of the rules at most one holds for a method. The stricter for callers first. */
    static final List<String> THREADS = List.of("WaitsForGracePeriod", "GlobalState", "IoThreadOnly", "AnyThread");

    private static final String SECTION = "RequiresReadSection";

    /** The simple names of all annotations that are rules. */
    static final Set<String> NAMES = Set.of(
            "WaitsForGracePeriod", "GlobalState", "IoThreadOnly", "AnyThread", SECTION, "ConfinedTo", "VolatileLoad");

    private final Types types;
    private final Set<String> passed = new HashSet<>();
    /** Without them, each method of a line of overriding methods would ask twice as often as the one before. */
    private final Map<MethodFacts, Answer> answers = new HashMap<>();

    private record Answer(@Nullable Found found) {}

    /** How a method came by its rule. */
    record Found(String rule, Node.RuleOrigin origin) {}

    Rules(Types types) {
        this.types = types;
    }

    /**
     * Objects of this anonymous class are passed to somebody: the rules of the class around it say nothing about them. To be told
     * before anybody asks for a rule.
     */
    void passed(String anonymous) {
        passed.add(anonymous);
    }

    /** Everything that stands on the method, and what it has by overriding and from its class, but no threading rule. */
    Set<String> others(MethodFacts method) throws CallGraphException {
        Set<String> labels = new HashSet<>(method.annotations);
        labels.removeAll(THREADS);
        if (!labels.contains(SECTION) && needsSection(method)) {
            labels.add(SECTION);
        }
        return labels;
    }

    private boolean needsSection(MethodFacts method) throws CallGraphException {
        for (MethodFacts overridden : overridden(method, true)) {
            if (overridden.annotations.contains(SECTION) || onType(overridden, List.of(SECTION)) != null) {
                return true;
            }
        }
        return onType(method, List.of(SECTION)) != null;
    }

    /** The threading rule of a method, or null. */
    @Nullable
    Found of(MethodFacts method) throws CallGraphException {
        Answer known = answers.get(method);
        if (known == null) {
            known = new Answer(find(method));
            answers.put(method, known);
        }
        return known.found();
    }

    private @Nullable Found find(MethodFacts method) throws CallGraphException {
        String own = strictest(method.annotations);
        if (own != null) {
            return new Found(own, Node.RuleOrigin.OWN);
        }
        String inherited = inherited(method);
        if (inherited != null) {
            return new Found(inherited, Node.RuleOrigin.OVERRIDDEN);
        }
        String type = onType(method, THREADS);
        return type == null ? null : new Found(type, Node.RuleOrigin.TYPE);
    }

    private @Nullable String inherited(MethodFacts method) throws CallGraphException {
        Set<String> found = new HashSet<>();
        for (MethodFacts overridden : overridden(method, false)) {
            Found rule = of(overridden);
            if (rule != null) {
                found.add(rule.rule());
            }
        }
        return strictest(found);
    }

    private @Nullable String onType(MethodFacts method, List<String> wanted) throws CallGraphException {
        if (method.isFunctionBody() || method.name.equals("<clinit>") || passed.contains(method.owner)) {
            return null;
        }
        ClassFacts type = types.find(method.owner);
        if (type != null && type.anonymous && method.name.equals("<init>")) {
            return null; // it runs in whatever method makes the object, as part of it
        }
        while (type != null) {
            for (String annotation : wanted) {
                if (type.annotations.contains(annotation)) {
                    return annotation;
                }
            }
            type = types.find(type.outer);
        }
        return null;
    }

    static @Nullable String strictest(Set<String> annotations) {
        return THREADS.stream().filter(annotations::contains).findFirst().orElse(null);
    }

    /** The methods that this one overrides: all, or the nearest that have a rule. */
    private List<MethodFacts> overridden(MethodFacts method, boolean all) throws CallGraphException {
        List<MethodFacts> found = new ArrayList<>();
        ClassFacts owner = types.find(method.owner);
        if (owner == null || !method.isVirtual()) {
            return found;
        }
        Set<String> descriptors = descriptors(owner, method);
        List<String> level = owner.supertypes();
        while (!level.isEmpty() && (all || found.isEmpty())) {
            List<String> next = new ArrayList<>();
            for (String type : level) {
                ClassFacts facts = types.find(type);
                if (facts == null) {
                    continue;
                }
                next.addAll(facts.supertypes());
                for (String descriptor : descriptors) {
                    MethodFacts candidate = facts.method(method.name, descriptor);
                    if (candidate != null && candidate.isVirtual() && (all || of(candidate) != null)) {
                        found.add(candidate);
                    }
                }
            }
            level = next;
        }
        return found;
    }

    /** Its own descriptor, and those of the bridges to it, by which it overrides generic methods. */
    private static Set<String> descriptors(ClassFacts owner, MethodFacts method) {
        Set<String> all = new HashSet<>();
        all.add(method.descriptor);
        for (MethodFacts bridge : owner.methods.values()) {
            if (bridge.is(Opcodes.ACC_BRIDGE) && bridge.name.equals(method.name) && leadsTo(bridge, method)) {
                all.add(bridge.descriptor);
            }
        }
        return all;
    }

    private static boolean leadsTo(MethodFacts bridge, MethodFacts method) {
        if (bridge.calls.isEmpty()) { // of a class that is not analysed
            return Type.getArgumentCount(bridge.descriptor) == Type.getArgumentCount(method.descriptor);
        }
        return bridge.calls.stream().anyMatch(call -> call.target.descriptor().equals(method.descriptor));
    }

    /** Annotations of a parameter, of the method itself and of those it overrides. */
    Set<String> ofParameter(MethodFacts method, int index) throws CallGraphException {
        String own = strictest(method.parameterAnnotations.get(index));
        Set<String> labels = new HashSet<>(method.parameterAnnotations.get(index));
        for (MethodFacts overridden : overridden(method, true)) {
            Set<String> there = new HashSet<>(overridden.parameterAnnotations.get(index));
            if (own != null) {
                there.removeAll(THREADS);
            }
            labels.addAll(there);
        }
        return labels;
    }
}
