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
import org.jspecify.annotations.Nullable;

/** Evaluates expressions on one path, in Java's order of evaluation. */
final class Expressions {
    private final Body body;

    Expressions(Body body) {
        this.body = body;
    }

    Results eval(ExpressionTree tree, PathState state) {
        body.effort.spend();
        return switch (tree) {
            case ParenthesizedTree inner -> eval(inner.getExpression(), state);
            case TypeCastTree cast -> eval(cast.getExpression(), state);
            case LiteralTree literal -> Results.of(new Result(state, literal(literal)));
            case IdentifierTree name -> Results.of(new Result(state, variable(name, state)));
            case MemberSelectTree select -> select(select, state);
            case MethodInvocationTree call -> body.calls.invoke(call, state);
            case NewClassTree call -> body.calls.create(call, state);
            case AssignmentTree assignment -> assign(assignment, state);
            case CompoundAssignmentTree change -> change(change.getVariable(), operand(change.getExpression(), state));
            case UnaryTree unary -> unary(unary, state);
            case BinaryTree binary -> binary(binary, state);
            case ConditionalExpressionTree choice -> choose(choice, state);
            case SwitchExpressionTree choice -> body.switches.eval(choice, state);
            case LambdaExpressionTree lambda -> Results.of(Result.unknown(body.sections.capture(lambda, state)));
            case MemberReferenceTree reference -> reference(reference, state);
            case NewArrayTree array -> array(array, state);
            case ArrayAccessTree access ->
                Results.unknown(operand(access.getIndex(), operand(access.getExpression(), state)));
            case InstanceOfTree test -> fromSplit(test, state);
            default -> Results.of(Result.unknown(state));
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

    private Results select(MemberSelectTree tree, PathState state) {
        Value constant = constant(tree);
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol field) || field.isStatic()) {
            return Results.of(new Result(state, constant));
        }
        Results results = new Results();
        for (Result receiver : eval(tree.getExpression(), state)) {
            Value part = receiver.value() instanceof Value.Loaded ? receiver.value() : constant;
            results.add(new Result(body.sections.drop(receiver), part));
        }
        return results;
    }

    /** Evaluates an operand whose value goes nowhere. */
    Paths operand(ExpressionTree tree, PathState state) {
        return eval(tree, state).paths(body.sections::drop);
    }

    private Paths operand(ExpressionTree tree, Paths states) {
        Paths after = new Paths();
        for (PathState state : body.effort.bounded(states)) {
            after.addAll(operand(tree, state));
        }
        return after;
    }

    static @Nullable VarSymbol local(ExpressionTree target) {
        return ASTHelpers.stripParentheses(target) instanceof IdentifierTree name
                        && ASTHelpers.getSymbol(name) instanceof VarSymbol variable
                        && !StableText.isField(variable)
                ? variable
                : null;
    }

    private Results assign(AssignmentTree tree, PathState state) {
        Results results = new Results();
        VarSymbol variable = local(tree.getVariable());
        Paths targets = variable != null ? new Paths(state) : target(tree.getVariable(), state);
        for (PathState before : body.effort.bounded(targets)) {
            for (Result right : eval(tree.getExpression(), before)) {
                PathState after = variable != null
                        ? body.sections.assign(variable, right, tree)
                        : body.sections.give(right, tree, "stored");
                results.add(new Result(after, right.value()));
            }
        }
        return results;
    }

    private Paths target(ExpressionTree target, PathState state) {
        return switch (ASTHelpers.stripParentheses(target)) {
            case MemberSelectTree select -> operand(select.getExpression(), state);
            case ArrayAccessTree access -> operand(access.getIndex(), operand(access.getExpression(), state));
            default -> new Paths(state);
        };
    }

    /** A variable changes to a value that is not followed. */
    private Results change(ExpressionTree target, Paths states) {
        VarSymbol variable = local(target);
        return Results.unknown(
                variable == null
                        ? states
                        : states.map(state -> body.sections.assign(variable, Result.unknown(state), target)));
    }

    private static Results valued(Paths states, Value value) {
        Results results = new Results();
        states.forEach(state -> results.add(new Result(state, value)));
        return results;
    }

    private Results unary(UnaryTree tree, PathState state) {
        return switch (tree.getKind()) {
            case LOGICAL_COMPLEMENT -> fromSplit(tree, state);
            case PREFIX_INCREMENT, PREFIX_DECREMENT, POSTFIX_INCREMENT, POSTFIX_DECREMENT ->
                change(tree.getExpression(), target(tree.getExpression(), state));
            default -> valued(operand(tree.getExpression(), state), constant(tree));
        };
    }

    private Results binary(BinaryTree tree, PathState state) {
        return switch (tree.getKind()) {
            case CONDITIONAL_AND,
                    CONDITIONAL_OR,
                    EQUAL_TO,
                    NOT_EQUAL_TO,
                    LESS_THAN,
                    LESS_THAN_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_EQUAL -> fromSplit(tree, state);
            default -> valued(operand(tree.getRightOperand(), operand(tree.getLeftOperand(), state)), constant(tree));
        };
    }

    private Results fromSplit(ExpressionTree condition, PathState state) {
        Branches.Split split = body.branches.split(condition, state);
        Results results = new Results();
        results.addAll(valued(split.holds(), Values.constant(true)));
        results.addAll(valued(split.fails(), Values.constant(false)));
        return results;
    }

    private Results choose(ConditionalExpressionTree tree, PathState state) {
        Branches.Split split = body.branches.split(tree.getCondition(), state);
        Results results = new Results();
        body.effort.bounded(split.holds()).forEach(holds -> results.addAll(eval(tree.getTrueExpression(), holds)));
        body.effort.bounded(split.fails()).forEach(fails -> results.addAll(eval(tree.getFalseExpression(), fails)));
        return results;
    }

    private Results reference(MemberReferenceTree tree, PathState state) {
        Results results = new Results();
        for (Result receiver : eval(tree.getQualifierExpression(), state)) {
            results.add(Result.unknown(body.sections.give(receiver, tree, "captured by a method reference")));
        }
        return results;
    }

    private Results array(NewArrayTree tree, PathState state) {
        Paths states = new Paths(state);
        for (ExpressionTree dimension : tree.getDimensions()) {
            states = operand(dimension, states);
        }
        if (tree.getInitializers() == null) {
            return Results.unknown(states);
        }
        for (ExpressionTree element : tree.getInitializers()) {
            Paths stored = new Paths();
            for (PathState before : body.effort.bounded(states)) {
                stored.addAll(eval(element, before).paths(each -> body.sections.give(each, element, "stored")));
            }
            states = stored;
        }
        return Results.unknown(states);
    }
}
