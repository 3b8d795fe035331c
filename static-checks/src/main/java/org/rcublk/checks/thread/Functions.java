// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where lambdas and method references go. Such a function has the rule of the parameter that it is passed to, else the
 * rule of its functional interface's method, else none of its own.
 */
final class Functions {
    /** A parameter that an argument goes to. */
    record Parameter(MethodSymbol method, int index) {
        Optional<Ruled> rule(Types types) {
            return ThreadRules.ofParameter(method, index, types);
        }
    }

    private Functions() {}

    static Optional<Ruled> ruleOf(TreePath function, VisitorState state) {
        Optional<Ruled> passed = parameter(function).flatMap(parameter -> parameter.rule(state.getTypes()));
        if (passed.isPresent()) {
            return passed.map(Ruled::inherited);
        }
        return method(ASTHelpers.getType(function.getLeaf()), state)
                .flatMap(method -> ThreadRules.ofMethod(method, state.getTypes()))
                .map(Ruled::inherited);
    }

    /** The one abstract method of a functional interface. */
    static Optional<MethodSymbol> method(@Nullable Type type, VisitorState state) {
        Types types = state.getTypes();
        return type != null && types.isFunctionalInterface(type)
                ? Optional.of((MethodSymbol) types.findDescriptorSymbol(type.tsym))
                : Optional.empty();
    }

    /** The parameter that the expression at the leaf is passed to; absent if it is assigned, returned or dropped. */
    static Optional<Parameter> parameter(TreePath expression) {
        TreePath at = expression;
        while (passesThrough(at.getParentPath().getLeaf(), at.getLeaf())) {
            at = at.getParentPath();
        }
        Tree argument = at.getLeaf();
        return switch (at.getParentPath().getLeaf()) {
            case MethodInvocationTree call -> parameter(ASTHelpers.getSymbol(call), call.getArguments(), argument);
            case NewClassTree made -> parameter(constructor(made), made.getArguments(), argument);
            default -> Optional.empty();
        };
    }

    /** The constructor of the named class, also when a class body makes it an anonymous class's superclass. */
    static MethodSymbol constructor(NewClassTree made) {
        return Optional.ofNullable(made.getClassBody())
                .flatMap(Functions::generatedConstructor)
                .flatMap(Functions::superCall)
                .map(ASTHelpers::getSymbol)
                .orElseGet(() -> ASTHelpers.getSymbol(made));
    }

    /** The constructor that the compiler gave the class. */
    static Optional<MethodTree> generatedConstructor(ClassTree type) {
        return type.getMembers().stream()
                .filter(MethodTree.class::isInstance)
                .map(MethodTree.class::cast)
                .filter(ASTHelpers::isGeneratedConstructor)
                .findFirst();
    }

    /** The call of the superclass's constructor at the head of a generated one. */
    static Optional<MethodInvocationTree> superCall(MethodTree generated) {
        return generated.getBody().getStatements().stream()
                .filter(ExpressionStatementTree.class::isInstance)
                .map(statement -> ((ExpressionStatementTree) statement).getExpression())
                .filter(MethodInvocationTree.class::isInstance)
                .map(MethodInvocationTree.class::cast)
                .findFirst();
    }

    private static boolean passesThrough(Tree parent, Tree child) {
        return parent instanceof ParenthesizedTree
                || parent instanceof TypeCastTree
                || (parent instanceof ConditionalExpressionTree choice
                        && !choice.getCondition().equals(child));
    }

    private static Optional<Parameter> parameter(
            MethodSymbol method, List<? extends ExpressionTree> arguments, Tree argument) {
        int index = arguments.indexOf(argument);
        List<? extends Symbol> parameters = method.params();
        return index < 0 || parameters.isEmpty()
                ? Optional.empty()
                : Optional.of(new Parameter(method, Math.min(index, parameters.size() - 1)));
    }
}
