// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/** What one method does, of all that its code says: whom it calls, what it touches, allocates and creates. */
final class MethodFacts {
    final String owner;
    final String name;
    final String descriptor;
    final int access;
    final Set<String> annotations;
    /** By parameter of the descriptor: {@code this} is not among them. */
    final List<Set<String>> parameterAnnotations;

    int line;
    final List<Call> calls = new ArrayList<>();
    final List<FunctionSite> functions = new ArrayList<>();
    final List<FieldAccess> fieldAccesses = new ArrayList<>();
    final List<Allocation> allocations = new ArrayList<>();
    final List<TypeUse> initialised = new ArrayList<>();
    final List<Integer> monitors = new ArrayList<>();
    final List<Set<Origin>> returned = new ArrayList<>();
    final List<Store> stores = new ArrayList<>();

    /** Reads or writes a field. */
    record FieldAccess(String owner, String name, boolean write, int line) {}

    /** Uses a type so that its initializer runs, if it has not yet. */
    record TypeUse(String type, int line) {}

    /** Puts a value into a field or, for an array, into what the array may have come from. */
    record Store(Set<Origin> value, Set<Origin> into) {}

    MethodFacts(
            String owner,
            String name,
            String descriptor,
            int access,
            Set<String> annotations,
            List<Set<String>> parameterAnnotations) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
        this.access = access;
        this.annotations = annotations;
        this.parameterAnnotations = parameterAnnotations;
    }

    MethodRef ref() {
        return new MethodRef(owner, name, descriptor);
    }

    boolean is(int flag) {
        return (access & flag) != 0;
    }

    boolean isStatic() {
        return is(Opcodes.ACC_STATIC);
    }

    /** A method that overriding is about: neither static nor private nor a constructor. */
    boolean isVirtual() {
        return !is(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE) && !name.startsWith("<");
    }

    /** The body of a lambda, or of a method reference, which is made into one when the class is read. */
    boolean isFunctionBody() {
        return is(Opcodes.ACC_SYNTHETIC) && (name.startsWith("lambda$") || name.contains("::"));
    }
}
