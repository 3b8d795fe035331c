// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes method references into what lambdas are already: a synthetic method that calls the one referred to. It is named
 * {@code creator::referred}, as no compiled method can be.
 */
final class MethodReferences {
    private MethodReferences() {}

    /** The method that runs when the function is called. */
    static MethodRef body(ClassFacts owner, MethodFacts creator, Handle handle, Type captured, Type method, int line) {
        if (handle.getOwner().equals(owner.name) && handle.getName().startsWith("lambda$")) {
            return new MethodRef(handle.getOwner(), handle.getName(), handle.getDesc());
        }
        List<Type> parameters = new ArrayList<>(List.of(captured.getArgumentTypes()));
        parameters.addAll(List.of(method.getArgumentTypes()));
        String descriptor = Type.getMethodDescriptor(method.getReturnType(), parameters.toArray(Type[]::new));
        String name = unused(owner, creator.name + "::" + shown(handle), descriptor);
        MethodFacts body = new MethodFacts(
                owner.name,
                name,
                descriptor,
                Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                Set.of(),
                parameters.stream().map(_ -> Set.<String>of()).toList());
        body.line = line;
        call(body, handle, parameters.size(), line);
        owner.add(body);
        return body.ref();
    }

    private static void call(MethodFacts body, Handle handle, int count, int line) {
        List<Set<Origin>> arguments = new ArrayList<>();
        Call.Kind kind = switch (handle.getTag()) {
            case Opcodes.H_INVOKESTATIC -> Call.Kind.STATIC;
            case Opcodes.H_INVOKESPECIAL, Opcodes.H_NEWINVOKESPECIAL -> Call.Kind.SPECIAL;
            default -> Call.Kind.VIRTUAL;
        };
        if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
            Origin made = new Origin.Created(handle.getOwner());
            arguments.add(Set.of(made));
            body.returned.add(Set.of(made));
            body.allocations.add(new Allocation(Allocation.Kind.NEW, Names.type(handle.getOwner()), line));
        }
        for (int i = 0; i < count; i++) {
            arguments.add(Set.of(new Origin.Parameter(i)));
        }
        MethodRef target = new MethodRef(handle.getOwner(), handle.getName(), handle.getDesc());
        Call call = new Call(kind, target, line, false, arguments);
        body.calls.add(call);
        if (handle.getTag() != Opcodes.H_NEWINVOKESPECIAL) {
            body.returned.add(Set.of(call));
        }
        if (kind != Call.Kind.VIRTUAL) {
            body.initialised.add(new MethodFacts.TypeUse(handle.getOwner(), line));
        }
    }

    private static String shown(Handle handle) {
        return handle.getTag() == Opcodes.H_NEWINVOKESPECIAL ? "new" : handle.getName();
    }

    private static String unused(ClassFacts owner, String name, String descriptor) {
        String free = name;
        for (int i = 2; owner.method(free, descriptor) != null; i++) {
            free = name + "#" + i;
        }
        return free;
    }
}
