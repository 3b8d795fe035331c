// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Type;
import java.util.List;
import java.util.Optional;

/**
 * Visits every call that a source shows: of methods and constructors, by method references, by functions that are passed on, and
 * those that the language makes without a name, at the end of a try statement and at the head of a for statement.
 */
abstract class CallChecker extends BugChecker
        implements BugChecker.MethodInvocationTreeMatcher,
                BugChecker.NewClassTreeMatcher,
                BugChecker.MemberReferenceTreeMatcher,
                BugChecker.ClassTreeMatcher,
                BugChecker.TryTreeMatcher,
                BugChecker.EnhancedForLoopTreeMatcher {
    private static final long serialVersionUID = 1L;

    /** Who runs the code at {@code state}, if this check looks at such code. */
    abstract Optional<Caller> caller(VisitorState state);

    /** Looks at one call, and says what is wrong with it. */
    abstract Optional<String> wrong(Caller caller, Callee callee, VisitorState state);

    @Override
    public Description matchMethodInvocation(MethodInvocationTree tree, VisitorState state) {
        reportPassedOn(tree.getArguments(), state);
        return check(tree, Callee.of(tree, ASTHelpers.getSymbol(tree), state), state);
    }

    @Override
    public Description matchNewClass(NewClassTree tree, VisitorState state) {
        reportPassedOn(tree.getArguments(), state);
        return check(tree, Callee.of(Functions.constructor(tree), null, state), state);
    }

    @Override
    public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
        return check(tree, Callee.of(tree, ASTHelpers.getSymbol(tree), state), state);
    }

    /** The compiler's own constructor calls one of the superclass, and Error Prone shows neither. */
    @Override
    public Description matchClass(ClassTree tree, VisitorState state) {
        return Functions.generatedConstructor(tree)
                .flatMap(constructor -> Functions.superCall(constructor).map(call -> {
                    TreePath path = new TreePath(new TreePath(state.getPath(), constructor), call);
                    return check(tree, Callee.of(ASTHelpers.getSymbol(call), null, state), state.withPath(path));
                }))
                .filter(_ -> !(state.getPath().getParentPath().getLeaf() instanceof NewClassTree))
                .orElse(Description.NO_MATCH);
    }

    @Override
    public Description matchTry(TryTree tree, VisitorState state) {
        for (Tree resource : tree.getResources()) {
            reportHidden(resource, "close", state);
        }
        return Description.NO_MATCH;
    }

    @Override
    public Description matchEnhancedForLoop(EnhancedForLoopTree tree, VisitorState state) {
        reportHidden(tree.getExpression(), "iterator", state);
        return Description.NO_MATCH;
    }

    private void reportPassedOn(List<? extends ExpressionTree> arguments, VisitorState state) {
        for (ExpressionTree argument : arguments) {
            VisitorState there = state.withPath(new TreePath(state.getPath(), argument));
            Callee.ofParameter(argument, state)
                    .map(callee -> check(argument, Caller.ofArgument(there), callee, there))
                    .ifPresent(state::reportMatch);
        }
    }

    private void reportHidden(Tree operand, String hiddenCall, VisitorState state) {
        Type type = ASTHelpers.getType(operand);
        if (type == null || !type.isReference()) {
            return;
        }
        ASTHelpers.findMatchingMethods(
                        state.getName(hiddenCall), method -> method.params().isEmpty(), type, state.getTypes())
                .stream()
                .findFirst()
                .map(method -> check(operand, Callee.of(method, type, state), state))
                .ifPresent(state::reportMatch);
    }

    private Description check(Tree at, Callee callee, VisitorState state) {
        return check(at, caller(state), callee, state);
    }

    private Description check(Tree at, Optional<Caller> caller, Callee callee, VisitorState state) {
        return caller.flatMap(found -> wrong(found, callee, state))
                .map(message -> buildDescription(at).setMessage(message).build())
                .orElse(Description.NO_MATCH);
    }
}
