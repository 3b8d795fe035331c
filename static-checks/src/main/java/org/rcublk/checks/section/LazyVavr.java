// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of Vavr computes its elements when they are asked for. */
final class LazyVavr {
    private static final String COLLECTION = "io.vavr.collection.";
    private static final Set<String> LAZY = Set.of("io.vavr.Lazy", COLLECTION + "Stream", COLLECTION + "Iterator");

    /** Methods of maps that give a Seq which is a Stream. */
    private static final Set<String> STREAM_OF_MAP =
            Set.of("values", "map", "flatMap", "zipWith", "zipWithIndex", "zipAll");

    /** Names of strict types, with the conversion that gives what a field of them takes. */
    private static final List<List<String>> CONVERSIONS = List.of(
            List.of("Vector", ".toVector()"),
            List.of("List", ".toList()"),
            List.of("Array", ".toArray()"),
            List.of("Set", ".toSet()"),
            List.of("Seq", ".toVector()"),
            List.of("IndexedSeq", ".toVector()"),
            List.of("LinearSeq", ".toList()"),
            List.of("Traversable", ".toVector()"));

    private LazyVavr() {}

    static boolean isLazy(Type type) {
        return LAZY.contains(type.tsym.getQualifiedName().toString());
    }

    static boolean isIterable(@Nullable Type type, VisitorState state) {
        return type == null || type.tsym.getQualifiedName().contentEquals("io.vavr.Lazy");
    }

    /** Whether the expression's static type is lazy, or it is a call that is known to give a lazy one under another type. */
    static boolean mayBeLazy(ExpressionTree tree, VisitorState state) {
        ExpressionTree value = ASTHelpers.stripParentheses(tree);
        if (value instanceof ConditionalExpressionTree choice) {
            return mayBeLazy(choice.getTrueExpression(), state) || mayBeLazy(choice.getFalseExpression(), state);
        }
        Type type = ASTHelpers.getType(value);
        if (type != null && isLazy(type)) {
            return true;
        }
        return value instanceof MethodInvocationTree call && type != null && isStreamOfMap(call, type, state);
    }

    private static boolean isStreamOfMap(MethodInvocationTree call, Type type, VisitorState state) {
        MethodSymbol method = ASTHelpers.getSymbol(call);
        String result = type.tsym.getQualifiedName().toString();
        return STREAM_OF_MAP.contains(method.name.toString())
                && (result.equals(COLLECTION + "Seq") || result.equals(COLLECTION + "Traversable"))
                && state.getTypes().closure(method.owner.type).stream()
                        .anyMatch(above -> above.tsym.getQualifiedName().contentEquals(COLLECTION + "Map"));
    }

    /** The call that makes a strict collection for a field or parameter of the type; empty where there is none. */
    static String conversionTo(Type wanted, VisitorState state) {
        String name = wanted.tsym.getQualifiedName().toString();
        for (List<String> conversion : CONVERSIONS) {
            if (name.equals(COLLECTION + conversion.getFirst())) {
                return conversion.getLast();
            }
        }
        return "";
    }
}
