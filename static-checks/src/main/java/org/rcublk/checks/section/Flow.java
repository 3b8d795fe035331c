// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.AssertTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree.JCBreak;
import com.sun.tools.javac.tree.JCTree.JCContinue;
import com.sun.tools.javac.tree.JCTree.JCYield;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Jumps.Jump;
import org.rcublk.checks.section.Jumps.Kind;

/** Runs statements over all paths at once; loops are run until no new state appears at their head. */
final class Flow {
    private final Body body;

    Flow(Body body) {
        this.body = body;
    }

    /** The paths that come to the statement's end; the others are in the body's jumps. */
    Paths run(StatementTree tree, Paths in) {
        if (in.isEmpty()) {
            return in;
        }
        return switch (tree) {
            case BlockTree block -> block(block.getStatements(), in);
            case VariableTree variable -> declare(variable, in);
            case ExpressionStatementTree statement -> in(statement.getExpression(), in);
            case IfTree choice -> choose(choice, in);
            case WhileLoopTree loop -> loop(loop, loop.getCondition(), loop.getStatement(), in, paths -> paths);
            case DoWhileLoopTree loop -> doLoop(loop, in);
            case ForLoopTree loop -> forLoop(loop, in);
            case EnhancedForLoopTree loop -> eachLoop(loop, in);
            case LabeledStatementTree labelled -> {
                Paths out = run(labelled.getStatement(), in);
                out.addAll(body.jumps.take(Kind.BREAK, labelled));
                yield out;
            }
            case SwitchTree choice -> body.switches.run(choice, in);
            case SynchronizedTree guarded -> run(guarded.getBlock(), in(guarded.getExpression(), in));
            case TryTree attempt -> body.tries.run(attempt, in);
            case ClassTree local -> in.map(state -> body.sections.capture(local, state));
            case AssertTree assertion ->
                body.branches.splitAll(assertion.getCondition(), in).holds();
            default -> jump(tree, in);
        };
    }

    private Paths jump(StatementTree tree, Paths in) {
        switch (tree) {
            case ReturnTree leave -> leave(leave, in);
            case ThrowTree leave -> leave(leave, in);
            case BreakTree leave -> body.jumps.add(new Jump(Kind.BREAK, ((JCBreak) leave).target), in);
            case ContinueTree leave -> body.jumps.add(new Jump(Kind.CONTINUE, ((JCContinue) leave).target), in);
            case YieldTree leave -> yieldValue(leave.getValue(), ((JCYield) leave).target, in);
            default -> {
                return in; // empty, or erroneous
            }
        }
        return new Paths();
    }

    /** Runs statements whose variables end with them. */
    Paths block(List<? extends StatementTree> statements, Paths in) {
        Paths out = in;
        List<Object> declared = new ArrayList<>();
        for (StatementTree statement : statements) {
            out = run(statement, out);
            if (statement instanceof VariableTree variable) {
                declared.add(ASTHelpers.getSymbol(variable));
            }
        }
        return out.map(state -> state.without(declared));
    }

    /** Evaluates an expression whose value goes nowhere. */
    private Paths in(ExpressionTree expression, Paths in) {
        Paths out = new Paths();
        in.forEach(state -> body.expressions.operand(expression, state).forEach(out::add));
        return out;
    }

    Paths declare(VariableTree tree, Paths in) {
        Object variable = ASTHelpers.getSymbol(tree);
        Paths out = new Paths();
        for (PathState state : in) {
            Results values = tree.getInitializer() == null
                    ? Results.of(Result.unknown(state))
                    : body.expressions.eval(tree.getInitializer(), state);
            values.forEach(value -> out.add(body.sections.assign(variable, value, tree)));
        }
        return out;
    }

    private Paths choose(IfTree tree, Paths in) {
        Branches.Split split = body.branches.splitAll(tree.getCondition(), in);
        Paths out = new Paths();
        out.addAll(run(tree.getThenStatement(), split.holds()));
        Paths other = split.fails();
        out.addAll(tree.getElseStatement() == null ? other : run(tree.getElseStatement(), other));
        return out;
    }

    private void leave(ReturnTree tree, Paths in) {
        if (tree.getExpression() == null) {
            in.forEach(state -> body.jumps.add(Jump.RETURN, state.leaving(tree)));
            return;
        }
        for (PathState state : in) {
            for (Result value : body.expressions.eval(tree.getExpression(), state)) {
                PathState after =
                        body.returnsToNobody ? body.sections.drop(value) : body.sections.give(value, tree, "returned");
                body.jumps.add(Jump.RETURN, after.leaving(tree));
            }
        }
    }

    private void leave(ThrowTree tree, Paths in) {
        Type thrown = ASTHelpers.getType(tree.getExpression());
        for (PathState state : in(tree.getExpression(), in)) {
            body.jumps.addThrown(thrown == null ? body.visitor.getSymtab().throwableType : thrown, state.leaving(tree));
        }
    }

    /** The value waits in the state, as that of a variable that stands for the switch. */
    void yieldValue(ExpressionTree value, Tree target, Paths in) {
        for (PathState state : body.effort.bounded(in)) {
            for (Result result : body.expressions.eval(value, state)) {
                body.jumps.add(new Jump(Kind.YIELD, target), result.state().assign(target, result.value()));
            }
        }
    }

    private Paths loop(
            Tree tree,
            @Nullable ExpressionTree condition,
            StatementTree statement,
            Paths in,
            UnaryOperator<Paths> update) {
        Paths head = new Paths();
        Paths out = new Paths();
        Paths fresh = head.addNew(in);
        while (!fresh.isEmpty()) {
            Paths round = fresh;
            if (condition != null) {
                Branches.Split split = body.branches.splitAll(condition, fresh);
                out.addAll(split.fails());
                round = split.holds();
            }
            Paths end = run(statement, round);
            end.addAll(body.jumps.take(Kind.CONTINUE, tree));
            fresh = head.addNew(update.apply(end));
        }
        out.addAll(body.jumps.take(Kind.BREAK, tree));
        return out;
    }

    private Paths doLoop(DoWhileLoopTree tree, Paths in) {
        Paths first = run(tree.getStatement(), in);
        first.addAll(body.jumps.take(Kind.CONTINUE, tree));
        Paths left = body.jumps.take(Kind.BREAK, tree);
        Paths out = loop(tree, tree.getCondition(), tree.getStatement(), first, paths -> paths);
        out.addAll(left);
        return out;
    }

    private Paths forLoop(ForLoopTree tree, Paths in) {
        Paths begun = in;
        List<Object> declared = new ArrayList<>();
        for (StatementTree statement : tree.getInitializer()) {
            begun = run(statement, begun);
            if (statement instanceof VariableTree variable) {
                declared.add(ASTHelpers.getSymbol(variable));
            }
        }
        Paths out = loop(tree, tree.getCondition(), tree.getStatement(), begun, paths -> {
            Paths updated = paths;
            for (StatementTree statement : tree.getUpdate()) {
                updated = run(statement, updated);
            }
            return updated;
        });
        return out.map(state -> state.without(declared));
    }

    private Paths eachLoop(EnhancedForLoopTree tree, Paths in) {
        Paths out = new Paths();
        Object variable = ASTHelpers.getSymbol(tree.getVariable());
        for (PathState state : in) {
            for (Result elements : body.expressions.eval(tree.getExpression(), state)) {
                Value element = elements.value() instanceof Value.Loaded ? elements.value() : Values.UNKNOWN;
                out.addAll(eachLoop(tree, variable, element, body.sections.drop(elements)));
            }
        }
        out.addAll(body.jumps.take(Kind.BREAK, tree));
        return out.map(state -> state.without(List.of(variable)));
    }

    private Paths eachLoop(EnhancedForLoopTree tree, Object variable, Value element, PathState start) {
        Paths head = new Paths();
        Paths fresh = head.addNew(new Paths(start));
        while (!fresh.isEmpty()) {
            Paths round = fresh.map(each -> body.sections.assign(variable, new Result(each, element), tree));
            Paths end = run(tree.getStatement(), round);
            end.addAll(body.jumps.take(Kind.CONTINUE, tree));
            fresh = head.addNew(end);
        }
        return head;
    }
}
