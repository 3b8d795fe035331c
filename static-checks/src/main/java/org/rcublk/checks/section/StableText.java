// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of an expression whose value stays the same until one of its local variables is assigned: of literals,
 * variables, final fields, accessors of records, methods of strings and numbers, and operators on these.
 */
final class StableText {
    private static final Set<String> VALUES =
            Set.of("java.lang.String", "java.lang.Boolean", "java.lang.Integer", "java.lang.Long", "java.lang.Enum");

    private final Map<Symbol, Integer> numbers = new HashMap<>();

    /** The text, or null for any other expression; adds the local variables that it reads. */
    @Nullable
    String of(@Nullable ExpressionTree tree, Set<Symbol> variables) {
        return switch (tree) {
            case null -> null;
            case ParenthesizedTree inner -> of(inner.getExpression(), variables);
            case LiteralTree literal -> literal.getKind() + ":" + literal.getValue();
            case IdentifierTree name -> name(name, variables);
            case MemberSelectTree select -> select(select, variables);
            case MethodInvocationTree call -> call(call, variables);
            case TypeCastTree cast -> around("(" + cast.getType() + ")", of(cast.getExpression(), variables));
            case InstanceOfTree test ->
                around(
                        "is " + (test.getPattern() == null ? test.getType() : test.getPattern()) + " ",
                        of(test.getExpression(), variables));
            case UnaryTree unary ->
                switch (unary.getKind()) {
                    case UNARY_MINUS, UNARY_PLUS, BITWISE_COMPLEMENT, LOGICAL_COMPLEMENT ->
                        around(unary.getKind() + " ", of(unary.getExpression(), variables));
                    default -> null;
                };
            case BinaryTree binary -> {
                String left = of(binary.getLeftOperand(), variables);
                String right = of(binary.getRightOperand(), variables);
                yield left == null || right == null ? null : "(" + left + " " + binary.getKind() + " " + right + ")";
            }
            default -> null;
        };
    }

    private static @Nullable String around(String before, @Nullable String text) {
        return text == null ? null : before + text;
    }

    private @Nullable String name(IdentifierTree tree, Set<Symbol> variables) {
        if (tree.getName().contentEquals("this")) {
            return "this";
        }
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol variable)) {
            return null;
        }
        if (!isField(variable)) {
            variables.add(variable);
            return number(variable);
        }
        if (!isFinal(variable)) {
            return null;
        }
        return variable.isStatic() ? number(variable) : "this." + number(variable);
    }

    private @Nullable String select(MemberSelectTree tree, Set<Symbol> variables) {
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol field) || !isFinal(field)) {
            return null;
        }
        return field.isStatic() ? number(field) : dotted(of(tree.getExpression(), variables), number(field));
    }

    private @Nullable String call(MethodInvocationTree tree, Set<Symbol> variables) {
        MethodSymbol method = ASTHelpers.getSymbol(tree);
        if (!(tree.getMethodSelect() instanceof MemberSelectTree select) || method.isStatic() || !isOfValue(method)) {
            return null;
        }
        StringBuilder arguments = new StringBuilder();
        for (ExpressionTree argument : tree.getArguments()) {
            String text = of(argument, variables);
            if (text == null) {
                return null;
            }
            arguments.append(text).append(',');
        }
        return dotted(of(select.getExpression(), variables), number(method) + "(" + arguments + ")");
    }

    private static @Nullable String dotted(@Nullable String receiver, String member) {
        return receiver == null ? null : receiver + "." + member;
    }

    private static boolean isOfValue(MethodSymbol method) {
        return VALUES.contains(method.owner.getQualifiedName().toString())
                || ((method.owner.flags() & Flags.RECORD) != 0
                        && method.params().isEmpty()
                        && isAccessor(method));
    }

    private static boolean isAccessor(MethodSymbol method) {
        for (Symbol member : method.owner.members().getSymbolsByName(method.name)) {
            if (member instanceof VarSymbol) {
                return true;
            }
        }
        return false;
    }

    static boolean isField(VarSymbol variable) {
        return switch (variable.getKind()) {
            case FIELD, ENUM_CONSTANT -> true;
            default -> false;
        };
    }

    private static boolean isFinal(VarSymbol field) {
        return (field.flags() & Flags.FINAL) != 0;
    }

    private String number(Symbol symbol) {
        return "#" + numbers.computeIfAbsent(symbol, any -> numbers.size());
    }
}
