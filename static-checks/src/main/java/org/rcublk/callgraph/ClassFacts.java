// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** What one class file says, without its code: the code is boiled down to {@link MethodFacts}. */
final class ClassFacts {
    final String name;
    final @Nullable String superName;
    final List<String> interfaces;
    final int access;
    final boolean analysed;

    @Nullable
    String sourceFile;
    /** The class that this one is declared in, for members, local and anonymous classes. */
    @Nullable
    String outer;

    /** A class without a name, made where it is declared. */
    boolean anonymous;

    final Set<String> annotations;
    final Map<String, MethodFacts> methods = new HashMap<>();
    final Map<String, Set<String>> fields = new HashMap<>();

    ClassFacts(
            String name,
            @Nullable String superName,
            List<String> interfaces,
            int access,
            boolean analysed,
            Set<String> annotations) {
        this.name = name;
        this.superName = superName;
        this.interfaces = interfaces;
        this.access = access;
        this.analysed = analysed;
        this.annotations = annotations;
    }

    void add(MethodFacts method) {
        methods.put(method.name + method.descriptor, method);
    }

    @Nullable
    MethodFacts method(String methodName, String descriptor) {
        return methods.get(methodName + descriptor);
    }

    boolean isInterface() {
        return (access & Opcodes.ACC_INTERFACE) != 0;
    }

    boolean isAbstract() {
        return (access & Opcodes.ACC_ABSTRACT) != 0;
    }

    /** Direct supertypes, the superclass first. */
    List<String> supertypes() {
        if (superName == null) {
            return interfaces;
        }
        List<String> all = new ArrayList<>(interfaces.size() + 1);
        all.add(superName);
        all.addAll(interfaces);
        return all;
    }
}
