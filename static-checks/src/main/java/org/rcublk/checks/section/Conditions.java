// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of one body that are asked twice or more, so that their second answer follows from their first; and the
 * variables that any condition looks at, so that their constants are worth keeping.
 */
final class Conditions {
    /**
     * A condition or its opposite.
     *
     * @param condition the condition
     * @param positive false for its opposite
     */
    record Test(Condition condition, boolean positive) {}

    private final StableText texts = new StableText();
    private final Map<Condition, Integer> asked = new HashMap<>();
    private final Set<Symbol> looked = new HashSet<>();

    Conditions(Tree body) {
        body.accept(new Asked(), null);
    }

    /** Whether the body asks the condition more than once. */
    boolean isAskedAgain(Condition condition) {
        return asked.getOrDefault(condition, 0) > 1;
    }

    /** Whether a condition looks at the variable. */
    boolean isLookedAt(Object variable) {
        return !(variable instanceof Symbol symbol) || looked.contains(symbol);
    }

    /** The normal form of a condition, or null if it may change without an assignment of a local variable. */
    @Nullable
    Test of(ExpressionTree tree) {
        ExpressionTree atom = ASTHelpers.stripParentheses(tree);
        if (atom instanceof UnaryTree not && not.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) {
            Test opposite = of(not.getExpression());
            return opposite == null ? null : new Test(opposite.condition(), !opposite.positive());
        }
        if (atom instanceof BinaryTree binary) {
            ExpressionTree left = binary.getLeftOperand();
            ExpressionTree right = binary.getRightOperand();
            return switch (binary.getKind()) {
                case EQUAL_TO -> equality(left, right, true);
                case NOT_EQUAL_TO -> equality(left, right, false);
                case LESS_THAN -> less(left, right, true);
                case GREATER_THAN_EQUAL -> less(left, right, false);
                case GREATER_THAN -> less(right, left, true);
                case LESS_THAN_EQUAL -> less(right, left, false);
                default -> plain(atom);
            };
        }
        return plain(atom);
    }

    /** The condition that two expressions are equal, as a switch asks it of its selector and a label. */
    @Nullable
    Test equality(ExpressionTree left, ExpressionTree right, boolean positive) {
        Set<Symbol> variables = new HashSet<>();
        String first = texts.of(left, variables);
        String second = texts.of(right, variables);
        if (first == null || second == null) {
            return null;
        }
        String text = first.compareTo(second) <= 0 ? first + "==" + second : second + "==" + first;
        return new Test(new Condition(text, variables), positive);
    }

    private @Nullable Test less(ExpressionTree left, ExpressionTree right, boolean positive) {
        Set<Symbol> variables = new HashSet<>();
        String first = texts.of(left, variables);
        String second = texts.of(right, variables);
        return first == null || second == null
                ? null
                : new Test(new Condition(first + "<" + second, variables), positive);
    }

    private @Nullable Test plain(ExpressionTree atom) {
        Set<Symbol> variables = new HashSet<>();
        String text = texts.of(atom, variables);
        return text == null ? null : new Test(new Condition(text, variables), true);
    }

    /** Counts what is asked, in this body and not in the bodies within it. */
    private final class Asked extends TreeScanner<@Nullable Void, @Nullable Void> {
        private void ask(@Nullable ExpressionTree condition) {
            if (condition == null) {
                return;
            }
            ExpressionTree atom = ASTHelpers.stripParentheses(condition);
            switch (atom.getKind()) {
                case CONDITIONAL_AND, CONDITIONAL_OR -> {
                    ask(((BinaryTree) atom).getLeftOperand());
                    ask(((BinaryTree) atom).getRightOperand());
                }
                case LOGICAL_COMPLEMENT -> ask(((UnaryTree) atom).getExpression());
                default -> {
                    count(of(atom));
                    look(atom);
                }
            }
        }

        private void count(@Nullable Test test) {
            if (test != null) {
                asked.merge(test.condition(), 1, Integer::sum);
            }
        }

        private void look(Tree tree) {
            tree.accept(
                    new TreeScanner<@Nullable Void, @Nullable Void>() {
                        @Override
                        public @Nullable Void visitIdentifier(IdentifierTree name, @Nullable Void unused) {
                            if (ASTHelpers.getSymbol(name) instanceof VarSymbol variable) {
                                looked.add(variable);
                            }
                            return null;
                        }
                    },
                    null);
        }

        @Override
        public @Nullable Void visitIf(IfTree tree, @Nullable Void unused) {
            ask(tree.getCondition());
            return super.visitIf(tree, null);
        }

        @Override
        public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void unused) {
            ask(tree.getCondition());
            return super.visitWhileLoop(tree, null);
        }

        @Override
        public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void unused) {
            ask(tree.getCondition());
            return super.visitDoWhileLoop(tree, null);
        }

        @Override
        public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void unused) {
            ask(tree.getCondition());
            return super.visitForLoop(tree, null);
        }

        @Override
        public @Nullable Void visitConditionalExpression(ConditionalExpressionTree tree, @Nullable Void unused) {
            ask(tree.getCondition());
            return super.visitConditionalExpression(tree, null);
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void unused) {
            askCases(tree.getExpression(), tree.getCases());
            return super.visitSwitch(tree, null);
        }

        @Override
        public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void unused) {
            askCases(tree.getExpression(), tree.getCases());
            return super.visitSwitchExpression(tree, null);
        }

        private void askCases(ExpressionTree selector, List<? extends CaseTree> cases) {
            look(selector);
            for (CaseTree each : cases) {
                ask(each.getGuard());
                for (var label : each.getLabels()) {
                    if (label instanceof ConstantCaseLabelTree constant) {
                        count(equality(ASTHelpers.stripParentheses(selector), constant.getConstantExpression(), true));
                    }
                }
            }
        }

        @Override
        public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void unused) {
            switch (tree.getKind()) {
                case EQUAL_TO, NOT_EQUAL_TO, LESS_THAN, GREATER_THAN, LESS_THAN_EQUAL, GREATER_THAN_EQUAL -> look(tree);
                default -> {}
            }
            return super.visitBinary(tree, null);
        }

        @Override
        public @Nullable Void visitUnary(UnaryTree tree, @Nullable Void unused) {
            if (tree.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) {
                look(tree);
            }
            return super.visitUnary(tree, null);
        }
    }
}
