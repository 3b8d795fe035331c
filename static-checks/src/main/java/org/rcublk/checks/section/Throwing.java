// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Types;
import java.util.Set;

/**
 * Which calls are taken to throw: all but those of the section's own API, of atomics and handles, of a few methods of the
 * platform and the project that are known not to, of getters, and of quiet methods
 * of the same file. A getter has no parameters, returns what a field of its
 * own class holds that has its name and type, and belongs to a class, not to an interface.
 */
final class Throwing {
    private static final Set<String> SAFE_OWNERS = Set.of(
            SectionCall.DOMAIN,
            SectionCall.SECTION,
            "org.rcublk.rcu.Steps", // test hooks, compiled out
            "java.lang.invoke.VarHandle",
            "java.lang.Object",
            "java.lang.Enum",
            "java.lang.Boolean",
            "java.lang.Integer",
            "java.lang.Long");

    private static final Set<String> SAFE_METHODS = Set.of(
            "org.rcublk.graph.LiveGraph.current",
            "org.rcublk.graph.Version.route",
            "java.lang.Thread.currentThread",
            "java.lang.Thread.onSpinWait",
            "java.lang.Thread.yield",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.min",
            "java.lang.Math.max");

    private final Types types;
    private final Set<String> neverThrows;
    private final QuietMethods quiet;

    Throwing(Types types, CompilationUnitTree file, Set<String> neverThrows) {
        this.types = types;
        this.quiet = new QuietMethods(file, this::canThrow);
        this.neverThrows = neverThrows;
    }

    boolean canThrow(MethodSymbol method) {
        String owner = method.owner.getQualifiedName().toString();
        String name = owner + "." + method.name;
        return !(SAFE_OWNERS.contains(owner)
                || owner.startsWith("java.util.concurrent.atomic.")
                || SAFE_METHODS.contains(name)
                || neverThrows.contains(name)
                || isGetter(method)
                || isPlainObject(method)
                || quiet.contains(method));
    }

    private static boolean isPlainObject(MethodSymbol method) {
        return method.isConstructor() && method.owner.getQualifiedName().contentEquals("java.lang.Object");
    }

    private boolean isGetter(MethodSymbol method) {
        if (!method.params().isEmpty()
                || method.isStatic()
                || !method.getThrownTypes().isEmpty()) {
            return false;
        }
        for (Symbol member : method.owner.members().getSymbolsByName(method.name)) {
            if (member instanceof VarSymbol field
                    && (field.flags() & Flags.STATIC) == 0
                    && types.isSameType(types.erasure(field.type), types.erasure(method.type.getReturnType()))) {
                return true;
            }
        }
        return false;
    }
}
