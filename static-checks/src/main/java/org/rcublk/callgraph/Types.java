// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** The analysed classes and, as far as they are asked for, those they use; who is a subtype of whom. */
final class Types {
    private final Map<String, ClassFacts> analysed = new TreeMap<>();
    /** Declarations only. An absent class has an entry without facts, and is not looked for again. */
    private final Map<String, Known> library = new HashMap<>();

    private final Map<String, List<String>> direct = new HashMap<>();
    private final Map<MethodRef, List<MethodFacts>> implementations = new HashMap<>();
    private final Map<String, Set<String>> supertypes = new HashMap<>();
    private final ClassFiles files;

    private record Known(
            @Nullable ClassFacts facts, @Nullable CallGraphException unreadable) {}

    Types(ClassFiles files, Collection<ClassFacts> classes) {
        this.files = files;
        for (ClassFacts facts : classes) {
            if (analysed.putIfAbsent(facts.name, facts) == null) {
                for (String supertype : facts.supertypes()) {
                    direct.computeIfAbsent(supertype, _ -> new ArrayList<>()).add(facts.name);
                }
            }
        }
    }

    Collection<ClassFacts> analysed() {
        return analysed.values();
    }

    @Nullable
    ClassFacts analysed(String name) {
        return analysed.get(name);
    }

    /** Of any class: analysed, in the given jars, or the JDK's; null if it is in none. */
    @Nullable
    ClassFacts find(@Nullable String name) throws CallGraphException {
        if (name == null) {
            return null;
        }
        ClassFacts facts = analysed.get(name);
        if (facts != null) {
            return facts;
        }
        Known known = library.get(name);
        if (known == null) {
            known = read(name);
            library.put(name, known);
        }
        return known.facts();
    }

    /** What cannot be read is as good as absent to those who only call it. */
    private Known read(String name) {
        if (name.startsWith("[")) {
            return new Known(null, null);
        }
        try {
            ClassFiles.Found found = files.find(name);
            return new Known(found == null ? null : FactsReader.read(found.bytes(), found.where(), false), null);
        } catch (CallGraphException e) {
            return new Known(null, e);
        }
    }

    /** An analysed class may inherit rules from all of its supertypes: none may be left out unnoticed. */
    private void requireReadable(String supertype, String of) throws CallGraphException {
        Known known = library.get(supertype);
        if (known != null && known.unreadable() != null && analysed.containsKey(of)) {
            throw new CallGraphException(
                    known.unreadable().getMessage() + ": " + Names.type(of) + " extends it", known.unreadable());
        }
    }

    /** All supertypes, nearest first, without the type itself. */
    Set<String> supertypes(String name) throws CallGraphException {
        Set<String> known = supertypes.get(name);
        if (known == null) {
            known = findSupertypes(name);
            supertypes.put(name, known);
        }
        return known;
    }

    private Set<String> findSupertypes(String name) throws CallGraphException {
        Set<String> all = new LinkedHashSet<>();
        List<String> level = List.of(name);
        while (!level.isEmpty()) {
            List<String> next = new ArrayList<>();
            for (String type : level) {
                ClassFacts facts = find(type);
                requireReadable(type, name);
                for (String supertype : facts == null ? List.<String>of() : facts.supertypes()) {
                    if (all.add(supertype)) {
                        next.add(supertype);
                    }
                }
            }
            level = next;
        }
        return all;
    }

    boolean isSubtype(String name, String of) throws CallGraphException {
        return name.equals(of)
                || of.equals("java/lang/Object")
                || supertypes(name).contains(of);
    }

    /** Analysed subtypes, with the type itself if it is analysed. */
    Set<String> subtypes(String name) {
        Set<String> all = new LinkedHashSet<>();
        if (analysed.containsKey(name)) {
            all.add(name);
        }
        List<String> todo = new ArrayList<>(direct.getOrDefault(name, List.of()));
        while (!todo.isEmpty()) {
            String next = todo.removeLast();
            if (all.add(next)) {
                todo.addAll(direct.getOrDefault(next, List.of()));
            }
        }
        return all;
    }

    /** The method that a call of this name on this class means: its own, a superclass's, an interface's; or null. */
    @Nullable
    MethodFacts resolve(String owner, String name, String descriptor) throws CallGraphException {
        for (ClassFacts facts = find(owner); facts != null; facts = find(facts.superName)) {
            MethodFacts method = facts.method(name, descriptor);
            if (method != null) {
                return method;
            }
        }
        MethodFacts found = null;
        for (String supertype : supertypes(owner)) {
            ClassFacts facts = find(supertype);
            MethodFacts method = facts == null || !facts.isInterface() ? null : facts.method(name, descriptor);
            if (method != null && !method.is(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) {
                if (!method.is(Opcodes.ACC_ABSTRACT)) {
                    return method;
                }
                found = found == null ? method : found;
            }
        }
        return found;
    }

    /** Every analysed method with code that a virtual call may end in, by the classes that there are. */
    List<MethodFacts> implementations(MethodRef target) throws CallGraphException {
        List<MethodFacts> known = implementations.get(target);
        if (known == null) {
            Set<MethodFacts> found = new LinkedHashSet<>();
            for (String type : subtypes(target.owner())) {
                ClassFacts facts = analysed.get(type);
                if (facts != null && !facts.isAbstract()) {
                    MethodFacts method = resolve(type, target.name(), target.descriptor());
                    if (method != null && !method.is(Opcodes.ACC_ABSTRACT) && isAnalysed(method)) {
                        found.add(method);
                    }
                }
            }
            known = List.copyOf(found);
            implementations.put(target, known);
        }
        return known;
    }

    boolean isAnalysed(MethodFacts method) {
        return analysed.containsKey(method.owner);
    }

    /** A functional interface of a library: it says so itself. */
    boolean isLibraryFunction(String type) throws CallGraphException {
        ClassFacts facts = analysed.containsKey(type) ? null : find(type);
        return facts != null && facts.isInterface() && facts.annotations.contains("FunctionalInterface");
    }

    boolean isAnonymous(String type) {
        ClassFacts facts = analysed.get(type);
        return facts != null && facts.anonymous;
    }

    /** An analysed class whose objects are such functions. */
    boolean implementsLibraryFunction(String type) throws CallGraphException {
        if (!analysed.containsKey(type)) {
            return false;
        }
        for (String supertype : supertypes(type)) {
            if (isLibraryFunction(supertype)) {
                return true;
            }
        }
        return false;
    }

    /** Where a field is declared, as far as is known. */
    String declaring(String owner, String field) throws CallGraphException {
        for (ClassFacts facts = find(owner); facts != null; facts = find(facts.superName)) {
            if (facts.fields.containsKey(field)) {
                return facts.name;
            }
            for (String supertype : facts.interfaces) {
                ClassFacts face = find(supertype);
                if (face != null && face.fields.containsKey(field)) {
                    return supertype;
                }
            }
        }
        return owner;
    }
}
