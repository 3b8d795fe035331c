// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Which rule holds where.
 *
 * <ol>
 *   <li>A method: its own annotation; else the rule of what it overrides, nearest first, and of two supertypes that disagree
 *       the stricter, unless one of these methods overrides the other; else that of its class, else of the classes around it.
 *       A method of an anonymous class has in place of these the rule of the parameter that the object is passed to, and
 *       nothing within an anonymous class has the rule of a class around that.
 *   <li>A constructor: its own, else that of its class and, unless the class is local, of the classes around it.
 *   <li>A parameter: its own, else that of the same parameter of what the method overrides.
 *   <li>A lambda or method reference: see {@link Functions}. Code in general: see {@link Caller}.
 * </ol>
 */
final class ThreadRules {
    private ThreadRules() {}

    /** The rule of a method or constructor that code at the state runs or calls. */
    static Optional<Ruled> ofMethod(MethodSymbol method, VisitorState state) {
        return ofMethod(method, state.getTypes()).or(() -> AnonymousClasses.ruleOfArgument(method, state));
    }

    /** The same, wherever it is called; what an anonymous class is passed to does not show there. */
    static Optional<Ruled> ofMethod(MethodSymbol method, Types types) {
        return lookUp(method, types, ThreadRules::written, Ruled::stricter).map(found -> relativeTo(method, found));
    }

    /** The rule of the functional object that a parameter of a method or a lambda takes. */
    static Optional<Ruled> ofParameter(VarSymbol parameter, Types types) {
        if (parameter.owner instanceof MethodSymbol method && method.params().contains(parameter)) {
            return ofParameter(method, method.params().indexOf(parameter), types);
        }
        return written(parameter);
    }

    /** The same, by the parameter's place. */
    static Optional<Ruled> ofParameter(MethodSymbol method, int index, Types types) {
        Optional<Ruled> own = written(method.params().get(index));
        return own.isPresent()
                ? own
                : fromOverridden(method, types, above -> ofParameter(above, index, types), Ruled::stricter)
                        .map(Ruled::inherited);
    }

    /** The rule of the lambda or method reference at the path's leaf. */
    static Optional<Ruled> ofFunction(TreePath path, VisitorState state) {
        return Functions.ruleOf(path, state);
    }

    /** Who runs the code at the state's leaf, if a rule says so. */
    static Optional<Caller> enclosing(VisitorState state) {
        return Caller.of(state);
    }

    /** Whether callers of the method must hold a read section. */
    static boolean requiresReadSection(MethodSymbol method, Types types) {
        return lookUp(
                        method,
                        types,
                        symbol -> Annotations.has(symbol, Annotations.REQUIRES_READ_SECTION)
                                ? Optional.of(true)
                                : Optional.empty(),
                        Boolean::logicalOr)
                .orElse(false);
    }

    /** All methods that a method overrides or implements, nearest first. */
    static Set<MethodSymbol> overriddenBy(MethodSymbol method, Types types) {
        Set<MethodSymbol> found = new LinkedHashSet<>();
        if (inherits(method)) {
            for (Type type : types.closure(method.owner.type)) {
                overriddenIn(type, method, types)
                        .filter(above -> !above.equals(method))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<Ruled> written(Symbol symbol) {
        return Annotations.rule(symbol).map(rule -> new Ruled(rule, symbol, true));
    }

    private static Ruled relativeTo(MethodSymbol method, Ruled found) {
        return found.source().equals(method) ? found : found.inherited();
    }

    private static <T> Optional<T> lookUp(
            MethodSymbol method, Types types, Function<Symbol, Optional<T>> written, BinaryOperator<T> stricter) {
        Optional<T> own = written.apply(method);
        if (own.isPresent()) {
            return own;
        }
        Optional<T> above =
                fromOverridden(method, types, overridden -> lookUp(overridden, types, written, stricter), stricter);
        return above.isPresent() ? above : fromClasses(method, written);
    }

    private static <T> Optional<T> fromClasses(MethodSymbol method, Function<Symbol, Optional<T>> written) {
        for (Symbol at = method.owner; at instanceof ClassSymbol type; at = around(type)) {
            if (AnonymousClasses.isOne(type)) {
                return Optional.empty();
            }
            Optional<T> found = written.apply(type);
            // Making an object of a local class is part of the method around it, whatever the class around that says.
            if (found.isPresent() || (method.isConstructor() && type.isDirectlyOrIndirectlyLocal())) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Symbol around(ClassSymbol type) {
        Symbol owner = type.owner;
        return owner instanceof ClassSymbol || owner.enclClass() == null ? owner : owner.enclClass();
    }

    private static <T> Optional<T> fromOverridden(
            MethodSymbol method, Types types, Function<MethodSymbol, Optional<T>> rule, BinaryOperator<T> stricter) {
        if (!inherits(method)) {
            return Optional.empty();
        }
        Set<MethodSymbol> nearest = new LinkedHashSet<>();
        addNearest(method.owner.type, method, types, nearest);
        return nearest.stream()
                .filter(above -> nearest.stream().noneMatch(other -> isBelow(other, above, types)))
                .flatMap(above -> rule.apply(above).stream())
                .reduce(stricter);
    }

    private static void addNearest(Type type, MethodSymbol method, Types types, Set<MethodSymbol> nearest) {
        for (Type parent : types.directSupertypes(type)) {
            overriddenIn(parent, method, types)
                    .ifPresentOrElse(nearest::add, () -> addNearest(parent, method, types, nearest));
        }
    }

    private static boolean isBelow(MethodSymbol other, MethodSymbol above, Types types) {
        return !other.equals(above) && other.owner.isSubClass(above.owner, types);
    }

    private static Optional<MethodSymbol> overriddenIn(Type type, MethodSymbol method, Types types) {
        for (Symbol member : type.tsym.members().getSymbolsByName(method.name)) {
            if (member instanceof MethodSymbol other
                    && !other.isStatic()
                    && method.overrides(other, (ClassSymbol) method.owner, types, false)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private static boolean inherits(MethodSymbol method) {
        return !method.isStatic() && !method.isConstructor() && method.owner instanceof ClassSymbol;
    }
}
