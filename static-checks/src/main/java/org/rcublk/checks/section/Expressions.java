// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions on one path, in Java's order of evaluation. */
final class Expressions {
    private final Body body;

    Expressions(Body body) {
        this.body = body;
    }

    List<Result> eval(ExpressionTree tree, PathState state) {
        return switch (tree) {
            case ParenthesizedTree inner -> eval(inner.getExpression(), state);
            case TypeCastTree cast -> eval(cast.getExpression(), state);
            case LiteralTree literal -> List.of(new Result(state, literal(literal)));
            case IdentifierTree name -> List.of(new Result(state, variable(name, state)));
            case MemberSelectTree select -> select(select, state);
            case MethodInvocationTree call -> body.calls.invoke(call, state);
            case NewClassTree call -> body.calls.create(call, state);
            case AssignmentTree assignment -> assign(assignment, state);
            case CompoundAssignmentTree change -> change(change.getVariable(), operand(change.getExpression(), state));
            case UnaryTree unary -> unary(unary, state);
            case BinaryTree binary -> binary(binary, state);
            case ConditionalExpressionTree choice -> choose(choice, state);
            case SwitchExpressionTree choice -> body.switches.eval(choice, state);
            case LambdaExpressionTree lambda -> List.of(Result.unknown(body.sections.capture(lambda, state)));
            case MemberReferenceTree reference -> reference(reference, state);
            case NewArrayTree array -> array(array, state);
            case ArrayAccessTree access ->
                unknown(operand(access.getIndex(), operand(access.getExpression(), List.of(state))));
            case InstanceOfTree test -> fromSplit(test, state);
            default -> List.of(Result.unknown(state));
        };
    }

    private static Value literal(LiteralTree literal) {
        Object value = literal.getValue();
        return value == null ? Values.NULL : Values.constant(value);
    }

    private Value variable(IdentifierTree name, PathState state) {
        if (body.controls.contains(ASTHelpers.getSymbol(name))) {
            return Values.constant(false);
        }
        Value known = state.value(ASTHelpers.getSymbol(name));
        return known.equals(Values.UNKNOWN) ? constant(name) : known;
    }

    private static Value constant(ExpressionTree tree) {
        Object value = ASTHelpers.constValue(tree);
        return value == null ? Values.UNKNOWN : Values.constant(value);
    }

    private List<Result> select(MemberSelectTree tree, PathState state) {
        Value constant = constant(tree);
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol field) || field.isStatic()) {
            return List.of(new Result(state, constant));
        }
        List<Result> results = new ArrayList<>();
        for (Result receiver : eval(tree.getExpression(), state)) {
            Value part = receiver.value() instanceof Value.Loaded ? receiver.value() : constant;
            results.add(new Result(body.sections.drop(receiver), part));
        }
        return results;
    }

    /** Evaluates an operand whose value goes nowhere. */
    List<PathState> operand(ExpressionTree tree, PathState state) {
        return eval(tree, state).stream().map(body.sections::drop).toList();
    }

    private List<PathState> operand(ExpressionTree tree, List<PathState> states) {
        return states.stream().flatMap(state -> operand(tree, state).stream()).toList();
    }

    private static List<Result> unknown(List<PathState> states) {
        return states.stream().map(Result::unknown).toList();
    }

    static @Nullable VarSymbol local(ExpressionTree target) {
        return ASTHelpers.stripParentheses(target) instanceof IdentifierTree name
                        && ASTHelpers.getSymbol(name) instanceof VarSymbol variable
                        && !StableText.isField(variable)
                ? variable
                : null;
    }

    private List<Result> assign(AssignmentTree tree, PathState state) {
        List<Result> results = new ArrayList<>();
        VarSymbol variable = local(tree.getVariable());
        for (PathState before : variable != null ? List.of(state) : target(tree.getVariable(), state)) {
            for (Result right : eval(tree.getExpression(), before)) {
                PathState after = variable != null
                        ? body.sections.assign(variable, right, tree)
                        : body.sections.give(right, tree, "stored");
                results.add(new Result(after, right.value()));
            }
        }
        return results;
    }

    private List<PathState> target(ExpressionTree target, PathState state) {
        return switch (ASTHelpers.stripParentheses(target)) {
            case MemberSelectTree select -> operand(select.getExpression(), state);
            case ArrayAccessTree access -> operand(access.getIndex(), operand(access.getExpression(), state));
            default -> List.of(state);
        };
    }

    /** A variable changes to a value that is not followed. */
    private List<Result> change(ExpressionTree target, List<PathState> states) {
        VarSymbol variable = local(target);
        return variable == null
                ? unknown(states)
                : states.stream()
                        .map(state -> Result.unknown(body.sections.assign(variable, Result.unknown(state), target)))
                        .toList();
    }

    private List<Result> unary(UnaryTree tree, PathState state) {
        return switch (tree.getKind()) {
            case LOGICAL_COMPLEMENT -> fromSplit(tree, state);
            case PREFIX_INCREMENT, PREFIX_DECREMENT, POSTFIX_INCREMENT, POSTFIX_DECREMENT ->
                change(tree.getExpression(), target(tree.getExpression(), state));
            default ->
                operand(tree.getExpression(), state).stream()
                        .map(after -> new Result(after, constant(tree)))
                        .toList();
        };
    }

    private List<Result> binary(BinaryTree tree, PathState state) {
        return switch (tree.getKind()) {
            case CONDITIONAL_AND,
                    CONDITIONAL_OR,
                    EQUAL_TO,
                    NOT_EQUAL_TO,
                    LESS_THAN,
                    LESS_THAN_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_EQUAL -> fromSplit(tree, state);
            default ->
                operand(tree.getRightOperand(), operand(tree.getLeftOperand(), state)).stream()
                        .map(after -> new Result(after, constant(tree)))
                        .toList();
        };
    }

    private List<Result> fromSplit(ExpressionTree condition, PathState state) {
        Branches.Split split = body.branches.split(condition, state);
        List<Result> results = new ArrayList<>();
        split.holds().forEach(holds -> results.add(new Result(holds, Values.constant(true))));
        split.fails().forEach(fails -> results.add(new Result(fails, Values.constant(false))));
        return results;
    }

    private List<Result> choose(ConditionalExpressionTree tree, PathState state) {
        Branches.Split split = body.branches.split(tree.getCondition(), state);
        List<Result> results = new ArrayList<>();
        split.holds().forEach(holds -> results.addAll(eval(tree.getTrueExpression(), holds)));
        split.fails().forEach(fails -> results.addAll(eval(tree.getFalseExpression(), fails)));
        return results;
    }

    private List<Result> reference(MemberReferenceTree tree, PathState state) {
        List<Result> results = new ArrayList<>();
        for (Result receiver : eval(tree.getQualifierExpression(), state)) {
            results.add(Result.unknown(body.sections.give(receiver, tree, "captured by a method reference")));
        }
        return results;
    }

    private List<Result> array(NewArrayTree tree, PathState state) {
        List<PathState> states = List.of(state);
        for (ExpressionTree dimension : tree.getDimensions()) {
            states = operand(dimension, states);
        }
        if (tree.getInitializers() == null) {
            return unknown(states);
        }
        for (ExpressionTree element : tree.getInitializers()) {
            states = states.stream()
                    .flatMap(before -> eval(element, before).stream())
                    .map(result -> body.sections.give(result, element, "stored"))
                    .toList();
        }
        return unknown(states);
    }
}
