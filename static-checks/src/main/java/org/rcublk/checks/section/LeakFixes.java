// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.fixes.SuggestedFix;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Findings.Leak;

/**
 * Fixes that need no thought: a {@code ReadSection} that nothing closes becomes the resource of a try around the rest of its
 * block, and a token that the same block ends once gets a {@code finally}.
 */
final class LeakFixes {
    private LeakFixes() {}

    static SuggestedFix of(Leak leak, VisitorState state) {
        TreePath path = TreePath.getPath(state.getPath().getCompilationUnit(), leak.begin());
        TreePath above = path == null ? null : path.getParentPath();
        if (above == null
                || !(above.getLeaf() instanceof StatementTree statement)
                || !(above.getParentPath().getLeaf() instanceof BlockTree block)) {
            return SuggestedFix.emptyFix();
        }
        int index = block.getStatements().indexOf(statement);
        List<? extends StatementTree> rest =
                block.getStatements().subList(index + 1, block.getStatements().size());
        MethodSymbol method = ASTHelpers.getSymbol((MethodInvocationTree) leak.begin());
        if (SectionCall.of(method) == SectionCall.READ) {
            return resource(statement, (ExpressionTree) leak.begin(), rest, state);
        }
        return statement instanceof VariableTree variable
                ? finallyBlock(variable, rest, state)
                : SuggestedFix.emptyFix();
    }

    private static SuggestedFix resource(
            StatementTree statement, ExpressionTree read, List<? extends StatementTree> rest, VisitorState state) {
        if (rest.isEmpty() || !(statement instanceof VariableTree || statement instanceof ExpressionStatementTree)) {
            return SuggestedFix.emptyFix();
        }
        String declaration = "var _ = " + state.getSourceForNode(read);
        if (statement instanceof VariableTree variable) {
            if (ends(rest, ASTHelpers.getSymbol(variable)) > 0) {
                return SuggestedFix.emptyFix();
            }
            String text = state.getSourceForNode(variable);
            declaration = text == null ? declaration : text.substring(0, text.length() - 1);
        }
        return SuggestedFix.builder()
                .replace(statement, "try (" + declaration + ") {")
                .postfixWith(rest.getLast(), "\n}")
                .build();
    }

    private static SuggestedFix finallyBlock(
            VariableTree token, List<? extends StatementTree> rest, VisitorState state) {
        Symbol variable = ASTHelpers.getSymbol(token);
        int end = 0;
        while (end < rest.size() && !isEnd(rest.get(end), variable)) {
            end++;
        }
        if (end == 0 || end == rest.size() || ends(rest, variable) != 1) {
            return SuggestedFix.emptyFix();
        }
        Set<Symbol> declared = new HashSet<>();
        for (StatementTree statement : rest.subList(0, end)) {
            if (statement instanceof VariableTree local) {
                declared.add(ASTHelpers.getSymbol(local));
            }
        }
        if (mentions(rest.subList(end + 1, rest.size()), declared)) {
            return SuggestedFix.emptyFix();
        }
        String last = state.getSourceForNode(rest.get(end));
        return SuggestedFix.builder()
                .prefixWith(rest.getFirst(), "try {\n")
                .replace(rest.get(end), "} finally {\n" + last + "\n}")
                .build();
    }

    private static boolean isEnd(StatementTree statement, Symbol variable) {
        return statement instanceof ExpressionStatementTree expression && isEndOf(expression.getExpression(), variable);
    }

    private static boolean isEndOf(Tree tree, Symbol variable) {
        if (!(tree instanceof MethodInvocationTree call)) {
            return false;
        }
        return switch (SectionCall.of(ASTHelpers.getSymbol(call))) {
            case UP -> variable.equals(ASTHelpers.getSymbol(call.getArguments().getLast()));
            case CLOSE -> {
                ExpressionTree receiver = ASTHelpers.getReceiver(call);
                yield receiver != null && variable.equals(ASTHelpers.getSymbol(receiver));
            }
            default -> false;
        };
    }

    private static int ends(List<? extends StatementTree> statements, Symbol variable) {
        List<Tree> found = new ArrayList<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
                if (isEndOf(call, variable)) {
                    found.add(call);
                }
                return super.visitMethodInvocation(call, null);
            }
        }.scan(statements, null);
        return found.size();
    }

    private static boolean mentions(List<? extends StatementTree> statements, Set<Symbol> variables) {
        Set<Symbol> found = new HashSet<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitIdentifier(IdentifierTree name, @Nullable Void unused) {
                found.add(ASTHelpers.getSymbol(name));
                return null;
            }
        }.scan(statements, null);
        found.retainAll(variables);
        return !found.isEmpty();
    }
}
