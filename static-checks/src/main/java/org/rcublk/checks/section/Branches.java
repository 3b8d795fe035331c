// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.PatternTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import org.jspecify.annotations.Nullable;

/** Conditions: which paths they let through, which way. */
final class Branches {
    /**
     * Both ways of a condition.
     *
     * @param holds the paths on which it holds
     * @param fails the others
     */
    record Split(Paths holds, Paths fails) {
        Split() {
            this(new Paths(), new Paths());
        }

        private void add(@Nullable Boolean known, PathState state) {
            if (!Boolean.FALSE.equals(known)) {
                holds.add(state);
            }
            if (!Boolean.TRUE.equals(known)) {
                fails.add(state);
            }
        }

        private void add(Split more) {
            holds.addAll(more.holds);
            fails.addAll(more.fails);
        }
    }

    private final Body body;

    Branches(Body body) {
        this.body = body;
    }

    Split split(ExpressionTree tree, PathState state) {
        ExpressionTree condition = ASTHelpers.stripParentheses(tree);
        return switch (condition.getKind()) {
            case LOGICAL_COMPLEMENT -> {
                Split inner = split(((UnaryTree) condition).getExpression(), state);
                yield new Split(/* holds= */ inner.fails(), /* fails= */ inner.holds());
            }
            case CONDITIONAL_AND -> {
                Split left = split(((BinaryTree) condition).getLeftOperand(), state);
                Split both = splitAll(((BinaryTree) condition).getRightOperand(), left.holds());
                both.fails().addAll(left.fails());
                yield both;
            }
            case CONDITIONAL_OR -> {
                Split left = split(((BinaryTree) condition).getLeftOperand(), state);
                Split either = splitAll(((BinaryTree) condition).getRightOperand(), left.fails());
                either.holds().addAll(left.holds());
                yield either;
            }
            case CONDITIONAL_EXPRESSION -> {
                ConditionalExpressionTree choice = (ConditionalExpressionTree) condition;
                Split chosen = split(choice.getCondition(), state);
                Split result = splitAll(choice.getTrueExpression(), chosen.holds());
                result.add(splitAll(choice.getFalseExpression(), chosen.fails()));
                yield result;
            }
            case INSTANCE_OF -> instanceOf((InstanceOfTree) condition, state);
            case EQUAL_TO, NOT_EQUAL_TO, LESS_THAN, LESS_THAN_EQUAL, GREATER_THAN, GREATER_THAN_EQUAL ->
                comparison((BinaryTree) condition, state);
            default -> plain(condition, state);
        };
    }

    Split splitAll(ExpressionTree tree, Paths paths) {
        Split all = new Split();
        body.effort.bounded(paths).forEach(state -> all.add(split(tree, state)));
        return all;
    }

    private Split plain(ExpressionTree condition, PathState state) {
        Split split = new Split();
        for (Result result : body.expressions.eval(condition, state)) {
            PathState after = body.sections.drop(result);
            if (result.value() instanceof Value.Constant(Boolean known)) {
                split.add(known, after);
            } else {
                split.add(decide(body.conditions.of(condition), after));
            }
        }
        return split;
    }

    /** Splits by what the path knows of a condition, or teaches both ways. */
    Split decide(Conditions.@Nullable Test test, PathState state) {
        Split split = new Split();
        if (test == null || !body.conditions.isAskedAgain(test.condition())) {
            split.add((Boolean) null, state);
            return split;
        }
        Boolean known = state.known(test.condition());
        if (known != null) {
            split.add(known == test.positive(), state);
        } else {
            split.holds().add(state.learn(test.condition(), test.positive()));
            split.fails().add(state.learn(test.condition(), !test.positive()));
        }
        return split;
    }

    private Split comparison(BinaryTree tree, PathState state) {
        Split split = new Split();
        for (Result left : body.effort.bounded(body.expressions.eval(tree.getLeftOperand(), state))) {
            for (Result right : body.expressions.eval(tree.getRightOperand(), left.state())) {
                PathState after = body.sections.drop(right);
                after = body.sections.drop(new Result(after, left.value()));
                Boolean known = compare(tree.getKind(), left.value(), right.value());
                if (known != null) {
                    split.add(known, after);
                } else {
                    split.add(decide(body.conditions.of(tree), after));
                }
            }
        }
        return split;
    }

    /** The outcome where values tell it. A token is positive, and no constant that stands for "none". */
    static @Nullable Boolean compare(Tree.Kind kind, Value left, Value right) {
        if (kind == Tree.Kind.NOT_EQUAL_TO) {
            Boolean equal = compare(Tree.Kind.EQUAL_TO, left, right);
            return equal == null ? null : !equal;
        }
        if (kind == Tree.Kind.EQUAL_TO) {
            if (left instanceof Value.Constant && right instanceof Value.Constant) {
                return left.equals(right);
            }
            boolean token = left instanceof Value.Of || right instanceof Value.Of;
            boolean constant = left instanceof Value.Constant || right instanceof Value.Constant;
            return (token && constant) ? Boolean.FALSE : null;
        }
        if (left instanceof Value.Of && isNone(right)) {
            return kind == Tree.Kind.GREATER_THAN || kind == Tree.Kind.GREATER_THAN_EQUAL;
        }
        if (right instanceof Value.Of && isNone(left)) {
            return kind == Tree.Kind.LESS_THAN || kind == Tree.Kind.LESS_THAN_EQUAL;
        }
        if (left instanceof Value.Constant(Long first) && right instanceof Value.Constant(Long second)) {
            return switch (kind) {
                case LESS_THAN -> first < second;
                case LESS_THAN_EQUAL -> first <= second;
                case GREATER_THAN -> first > second;
                default -> first >= second;
            };
        }
        return null;
    }

    private static boolean isNone(Value value) {
        return value instanceof Value.Constant(Long number) && number <= 0;
    }

    private Split instanceOf(InstanceOfTree tree, PathState state) {
        Split split = new Split();
        for (Result result : body.expressions.eval(tree.getExpression(), state)) {
            PathState after = body.sections.drop(result);
            if (result.value().equals(Values.NULL)) {
                split.add(false, after);
                continue;
            }
            Split ways = decide(body.conditions.of(tree), after);
            for (PathState holds : ways.holds()) {
                split.holds().add(bind(tree.getPattern(), new Result(holds, result.value())));
            }
            split.fails().addAll(ways.fails());
        }
        return split;
    }

    /** The variables of a pattern take what was matched; what was loaded under a section stays so in its parts. */
    PathState bind(@Nullable PatternTree pattern, Result matched) {
        PathState state = matched.state();
        switch (pattern) {
            case BindingPatternTree binding ->
                state = body.sections.assign(ASTHelpers.getSymbol(binding.getVariable()), matched, binding);
            case DeconstructionPatternTree parts -> {
                Value part = matched.value() instanceof Value.Loaded ? matched.value() : Values.UNKNOWN;
                for (PatternTree nested : parts.getNestedPatterns()) {
                    state = bind(nested, new Result(state, part));
                }
            }
            case null, default -> {}
        }
        return state;
    }
}
