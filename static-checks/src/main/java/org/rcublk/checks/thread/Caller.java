// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.Optional;

/**
 * The code that a rule holds for: a method, or a lambda or method reference inside one. The innermost function with a rule
 * decides; a function without one has no caller, and neither has an initializer. The initializers of an anonymous class
 * and its constructor belong to the code that makes the object.
 *
 * @param name how messages call it
 * @param method the method, absent for lambdas and method references
 * @param ruled its rule
 */
record Caller(String name, Optional<MethodSymbol> method, Ruled ruled) {
    static Optional<Caller> of(VisitorState state) {
        return around(state.getPath(), state, false);
    }

    /**
     * The same for what must not block: a lambda or an anonymous class without a rule that an IOThread's code passes as an
     * argument counts as that code, for it may run right there. Not so what goes to an executor or a new thread.
     */
    static Optional<Caller> notToBlock(VisitorState state) {
        return around(state.getPath(), state, true)
                .filter(caller -> caller.rule().maybeOnIoThread());
    }

    /** Who runs the function in the argument at {@code state}. */
    static Optional<Caller> ofArgument(VisitorState state) {
        return ofFunction(state.getPath(), state);
    }

    ThreadRule rule() {
        return ruled.rule();
    }

    @Override
    public String toString() {
        return name + " is " + ruled;
    }

    private static Optional<Caller> around(TreePath from, VisitorState state, boolean throughArguments) {
        boolean borrowed = false;
        for (TreePath at = from; at != null; at = at.getParentPath()) {
            if (at.getLeaf() instanceof ClassTree && !isAnonymous(at)) {
                return Optional.empty();
            }
            if (isCode(at)) {
                Optional<Caller> found = ofCode(at, state);
                if (found.isPresent() || !throughArguments || !mayRunHere(at, state)) {
                    return borrowable(found, borrowed);
                }
                borrowed = true;
            }
        }
        return Optional.empty();
    }

    private static Optional<Caller> borrowable(Optional<Caller> caller, boolean borrowed) {
        return caller.filter(found -> !borrowed || found.rule() == ThreadRule.IO);
    }

    private static boolean isCode(TreePath at) {
        return switch (at.getLeaf()) {
            case LambdaExpressionTree _, MemberReferenceTree _ -> true;
            case MethodTree method -> !makesAnonymous(method, at);
            default -> false;
        };
    }

    private static Optional<Caller> ofCode(TreePath at, VisitorState state) {
        return at.getLeaf() instanceof MethodTree method
                ? ofMethod(ASTHelpers.getSymbol(method), state)
                : ofFunction(at, state);
    }

    private static boolean isAnonymous(TreePath type) {
        return type.getParentPath().getLeaf() instanceof NewClassTree;
    }

    private static boolean makesAnonymous(MethodTree method, TreePath at) {
        return ASTHelpers.getSymbol(method).isConstructor() && isAnonymous(at.getParentPath());
    }

    private static boolean mayRunHere(TreePath code, VisitorState state) {
        Optional<TreePath> passed =
                code.getLeaf() instanceof MethodTree ? AnonymousClasses.madeFor(code) : Optional.of(code);
        return passed.flatMap(Functions::parameter)
                .filter(parameter -> !HandOvers.isOne(parameter.method(), state))
                .isPresent();
    }

    private static Optional<Caller> ofMethod(MethodSymbol method, VisitorState state) {
        return ThreadRules.ofMethod(method, state)
                .map(ruled -> new Caller(Ruled.nameOf(method), Optional.of(method), ruled));
    }

    private static Optional<Caller> ofFunction(TreePath function, VisitorState state) {
        return ThreadRules.ofFunction(function, state).map(ruled -> {
            String what = switch (function.getLeaf()) {
                case LambdaExpressionTree _ -> "this lambda";
                case MemberReferenceTree _ -> "this method reference";
                default -> "this argument";
            };
            return new Caller(what, Optional.empty(), ruled);
        });
    }
}
