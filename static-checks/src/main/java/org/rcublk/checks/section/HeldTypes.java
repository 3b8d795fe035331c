// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.TypeSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Type.ArrayType;
import com.sun.tools.javac.code.Type.TypeVar;
import com.sun.tools.javac.code.Type.WildcardType;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/**
 * Types that a declared type says it holds: itself, elements of arrays, arguments of generic types, bounds of wildcards and
 * type variables. A function's arguments and a class literal's are no contents.
 */
final class HeldTypes {
    private HeldTypes() {}

    static boolean any(Type type, Predicate<Type> wanted) {
        return any(type, wanted, new HashSet<>());
    }

    private static boolean any(Type type, Predicate<Type> wanted, Set<TypeSymbol> seen) {
        return switch (type) {
            case ArrayType array -> any(array.getComponentType(), wanted, seen);
            case WildcardType wildcard ->
                wildcard.isExtendsBound() && !wildcard.isUnbound() && any(wildcard.type, wanted, seen);
            case TypeVar variable -> seen.add(variable.tsym) && any(variable.getUpperBound(), wanted, seen);
            default ->
                wanted.test(type)
                        || (!isFunction(type.tsym)
                                && type.allparams().stream().anyMatch(argument -> any(argument, wanted, seen)));
        };
    }

    private static boolean isFunction(TypeSymbol type) {
        String name = type.getQualifiedName().toString();
        return name.equals("java.lang.Class") || isAnnotated(type, "java.lang.FunctionalInterface");
    }

    static boolean isAnnotated(Symbol symbol, String annotation) {
        for (AnnotationMirror mirror : symbol.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().asElement() instanceof TypeElement type
                    && type.getQualifiedName().contentEquals(annotation)) {
                return true;
            }
        }
        return false;
    }
}
