// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.Optional;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;

/**
 * What is called, and as a member of which type.
 *
 * @param name how messages call it
 * @param ruled its rule, or that of the parameter whose function it runs
 */
record Callee(String name, MethodSymbol method, Type receiver, Optional<Ruled> ruled) {
    static Callee of(MethodSymbol method, @Nullable Type receiver, VisitorState state) {
        Type type = receiver == null || receiver.isPrimitiveOrVoid() ? method.owner.type : receiver;
        return new Callee(Ruled.nameOf(method), method, type, ThreadRules.ofMethod(method, state));
    }

    /** The call or method reference {@code expression}, which runs a function if it is that of a parameter with a rule. */
    static Callee of(ExpressionTree expression, MethodSymbol method, VisitorState state) {
        Callee plain = of(method, receiverType(expression), state);
        return ASTHelpers.getReceiver(expression) instanceof IdentifierTree receiver
                ? parameter(receiver)
                        .filter(parameter -> runs(parameter, method, state))
                        .flatMap(parameter -> function(parameter, plain, state))
                        .orElse(plain)
                : plain;
    }

    /** The function in a parameter with a rule, if that is what the expression names. */
    static Optional<Callee> ofParameter(ExpressionTree expression, VisitorState state) {
        return parameter(expression)
                .flatMap(parameter -> Functions.method(parameter.type, state)
                        .flatMap(method -> function(parameter, of(method, parameter.type, state), state)));
    }

    @Override
    public String toString() {
        return name + ruled.map(rule -> ", which is " + rule).orElse("");
    }

    private static Optional<Callee> function(VarSymbol parameter, Callee plain, VisitorState state) {
        return ThreadRules.ofParameter(parameter, state.getTypes())
                .map(rule -> new Callee(
                        parameter + "." + plain.method.name, plain.method, plain.receiver, Optional.of(rule)));
    }

    private static Optional<VarSymbol> parameter(ExpressionTree expression) {
        return ASTHelpers.stripParentheses(expression) instanceof IdentifierTree name
                        && ASTHelpers.getSymbol(name) instanceof VarSymbol variable
                        && variable.getKind() == ElementKind.PARAMETER
                ? Optional.of(variable)
                : Optional.empty();
    }

    private static boolean runs(VarSymbol parameter, MethodSymbol called, VisitorState state) {
        return Functions.method(parameter.type, state)
                .filter(method -> method.name.equals(called.name)
                        && (method.equals(called)
                                || called.overrides(method, called.enclClass(), state.getTypes(), false)
                                || method.overrides(called, method.enclClass(), state.getTypes(), false)))
                .isPresent();
    }

    private static @Nullable Type receiverType(ExpressionTree expression) {
        if (expression instanceof MemberReferenceTree reference) {
            return ASTHelpers.getType(reference.getQualifierExpression());
        }
        return ASTHelpers.getReceiverType(expression);
    }
}
