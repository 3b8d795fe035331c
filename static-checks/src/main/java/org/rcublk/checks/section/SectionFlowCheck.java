// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** A check that reports findings of the interpretation of each body: methods, lambdas, initializers. */
abstract class SectionFlowCheck extends BugChecker
        implements BugChecker.MethodTreeMatcher, BugChecker.LambdaExpressionTreeMatcher, BugChecker.ClassTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final String BENCHMARK = "org.openjdk.jmh.annotations.Benchmark";
    private static final String NEVER_THROWS = "ReadTokenLeak:NeverThrows";

    SectionFlowCheck() {}

    /** Reports what this check is about. */
    abstract void report(Findings findings, VisitorState state);

    @Override
    public final Description matchMethod(MethodTree tree, VisitorState state) {
        if (tree.getBody() != null && concerns(tree.getBody(), state)) {
            boolean held = ReadSectionRule.requires(ASTHelpers.getSymbol(tree), state);
            boolean benchmark = HeldTypes.isAnnotated(ASTHelpers.getSymbol(tree), BENCHMARK);
            Body body = body(tree.getBody(), state, benchmark);
            report(body.run(tree.getBody(), tree.getParameters(), held), state);
        }
        return Description.NO_MATCH;
    }

    @Override
    public final Description matchLambdaExpression(LambdaExpressionTree tree, VisitorState state) {
        if (!concerns(tree.getBody(), state)) {
            return Description.NO_MATCH;
        }
        boolean held = ReadSectionRule.runsInSection(tree, state);
        Body body = body(tree.getBody(), state);
        if (tree.getBody() instanceof BlockTree block) {
            report(body.run(block, tree.getParameters(), held), state);
        } else {
            ExpressionTree result = (ExpressionTree) tree.getBody();
            report(body.run(result, tree.getParameters(), held, !isVoid(tree, state)), state);
        }
        return Description.NO_MATCH;
    }

    private static boolean isVoid(ExpressionTree function, VisitorState state) {
        MethodSymbol descriptor = ReadSectionRule.descriptor(function, state);
        return descriptor != null && state.getTypes().isSameType(descriptor.getReturnType(), voidType(state));
    }

    private static Type voidType(VisitorState state) {
        return state.getSymtab().voidType;
    }

    @Override
    public final Description matchClass(ClassTree tree, VisitorState state) {
        ClassSymbol type = ASTHelpers.getSymbol(tree);
        for (Tree member : tree.getMembers()) {
            if (member instanceof BlockTree block && concerns(block, state)) {
                boolean held = !block.isStatic() && ReadSectionRule.requires(type);
                report(body(block, state).run(block, List.of(), held), state);
            } else if (member instanceof VariableTree field
                    && field.getInitializer() != null
                    && concerns(field.getInitializer(), state)) {
                boolean held =
                        !field.getModifiers().getFlags().contains(Modifier.STATIC) && ReadSectionRule.requires(type);
                report(body(field, state).run(field.getInitializer(), List.of(), held, true), state);
            }
        }
        return Description.NO_MATCH;
    }

    private static Body body(Tree tree, VisitorState state) {
        return body(tree, state, false);
    }

    private static Body body(Tree tree, VisitorState state, boolean returnsToNobody) {
        Set<String> neverThrows =
                Set.copyOf(state.errorProneOptions().getFlags().getListOrEmpty(NEVER_THROWS));
        return new Body(tree, state, neverThrows, returnsToNobody);
    }

    /** Whether there is anything to interpret: most bodies have nothing to do with sections. */
    private static boolean concerns(Tree tree, VisitorState state) {
        return Boolean.TRUE.equals(tree.accept(
                new TreeScanner<@Nullable Boolean, @Nullable Void>() {
                    @Override
                    public @Nullable Boolean visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
                        MethodSymbol method = ASTHelpers.getSymbol(call);
                        boolean receiver = ASTHelpers.getReceiver(call) != null
                                && ASTHelpers.getSymbol(ASTHelpers.getReceiver(call)) instanceof VarSymbol variable
                                && ReadSectionRule.annotated(variable);
                        return receiver
                                || SectionCall.of(method) != SectionCall.OTHER
                                || ReadSectionRule.requires(method, state)
                                || Boolean.TRUE.equals(super.visitMethodInvocation(call, null));
                    }

                    @Override
                    public @Nullable Boolean visitNewClass(NewClassTree call, @Nullable Void unused) {
                        return ReadSectionRule.requires(ASTHelpers.getSymbol(call), state)
                                || Boolean.TRUE.equals(super.visitNewClass(call, null));
                    }

                    @Override
                    public @Nullable Boolean reduce(@Nullable Boolean first, @Nullable Boolean second) {
                        return Boolean.TRUE.equals(first) || Boolean.TRUE.equals(second);
                    }
                },
                null));
    }

    /** Reports at a tree that lies below where the state stands, unless a declaration on the way suppresses it. */
    final void reportAt(Tree tree, Description description, VisitorState state) {
        TreePath path = TreePath.getPath(state.getPath().getCompilationUnit(), tree);
        for (TreePath at = path; at != null; at = at.getParentPath()) {
            Tree leaf = at.getLeaf();
            boolean declares = leaf instanceof VariableTree || leaf instanceof MethodTree || leaf instanceof ClassTree;
            if (declares && isSuppressed(leaf, state)) {
                return;
            }
        }
        state.reportMatch(description);
    }

    static int line(Tree tree, VisitorState state) {
        int start = ASTHelpers.getStartPosition(tree);
        return (int) state.getPath().getCompilationUnit().getLineMap().getLineNumber(start);
    }

    /** The source text on one line, cut where it is long. */
    static String source(Tree tree, VisitorState state) {
        String text = state.getSourceForNode(tree);
        String flat = text == null ? "" : text.replaceAll("\\s+", " ");
        return flat.length() <= 60 ? flat : flat.substring(0, 57) + "...";
    }
}
