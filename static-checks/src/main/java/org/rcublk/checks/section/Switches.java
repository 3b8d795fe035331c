// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree.JCSwitch;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Jumps.Kind;

/** Runs switch statements and expressions: entries into the cases first, then the cases with what falls through. */
final class Switches {
    private final Body body;

    Switches(Body body) {
        this.body = body;
    }

    Paths run(SwitchTree tree, Paths in) {
        Paths out = new Paths();
        for (PathState state : in) {
            for (Result selector : body.expressions.eval(tree.getExpression(), state)) {
                out.addAll(cases(tree, tree.getExpression(), tree.getCases(), selector));
            }
        }
        out.addAll(body.jumps.take(Kind.BREAK, tree));
        return out;
    }

    Results eval(SwitchExpressionTree tree, PathState state) {
        for (Result selector : body.effort.bounded(body.expressions.eval(tree.getExpression(), state))) {
            cases(tree, tree.getExpression(), tree.getCases(), selector);
        }
        Results results = new Results();
        for (PathState yielded : body.jumps.take(Kind.YIELD, tree)) {
            Value value = yielded.value(tree);
            results.add(new Result(yielded.assign(tree, Values.UNKNOWN), value));
        }
        return results;
    }

    /** Runs the cases for one value of the selector; the paths that fall out of the switch at its end. */
    private Paths cases(Tree tree, ExpressionTree selector, List<? extends CaseTree> cases, Result value) {
        List<Paths> entries = new ArrayList<>();
        Paths rest = new Paths(body.sections.drop(value));
        CaseTree otherwise = null;
        for (CaseTree each : cases) {
            Paths entry = new Paths();
            for (CaseLabelTree label : each.getLabels()) {
                if (label instanceof DefaultCaseLabelTree) {
                    otherwise = each;
                } else {
                    rest = match(label, each.getGuard(), selector, value.value(), rest, entry);
                }
            }
            entries.add(entry);
        }
        if (otherwise != null) {
            entries.get(cases.indexOf(otherwise)).addAll(rest);
        }
        Paths out = new Paths();
        if (otherwise == null && !isExhaustive(tree, selector, cases)) {
            out.addAll(rest);
        }
        Paths falling = new Paths();
        for (int i = 0; i < entries.size(); i++) {
            Paths entry = entries.get(i);
            entry.addAll(falling);
            falling = run(tree, cases.get(i), entry);
            if (cases.get(i).getCaseKind() == CaseTree.CaseKind.RULE) {
                out.addAll(falling);
                falling = new Paths();
            }
        }
        out.addAll(falling);
        return out;
    }

    private Paths run(Tree tree, CaseTree each, Paths entry) {
        if (each.getCaseKind() == CaseTree.CaseKind.STATEMENT) {
            return body.flow.block(each.getStatements(), entry);
        }
        if (each.getBody() instanceof StatementTree statement) {
            return body.flow.run(statement, entry);
        }
        ExpressionTree expression = (ExpressionTree) each.getBody();
        if (tree instanceof SwitchExpressionTree) {
            body.flow.yieldValue(expression, tree, entry);
            return new Paths();
        }
        Paths out = new Paths();
        entry.forEach(state -> body.expressions.operand(expression, state).forEach(out::add));
        return out;
    }

    /** Adds the paths that the label takes to the entry; the others. */
    private Paths match(
            CaseLabelTree label,
            @Nullable ExpressionTree guard,
            ExpressionTree selector,
            Value value,
            Paths in,
            Paths entry) {
        Paths rest = new Paths();
        for (PathState state : in) {
            Branches.Split split = new Branches.Split();
            if (label instanceof ConstantCaseLabelTree constant) {
                constant(constant.getConstantExpression(), selector, value, state, split);
            } else if (label instanceof PatternCaseLabelTree pattern) {
                split.holds().add(body.branches.bind(pattern.getPattern(), new Result(state, value)));
                split.fails().add(state);
            }
            rest.addAll(split.fails());
            for (PathState taken : split.holds()) {
                if (guard == null) {
                    entry.add(taken);
                } else {
                    Branches.Split guarded = body.branches.split(guard, taken);
                    entry.addAll(guarded.holds());
                    rest.addAll(guarded.fails());
                }
            }
        }
        return rest;
    }

    private void constant(
            ExpressionTree label, ExpressionTree selector, Value value, PathState state, Branches.Split split) {
        Object constant = ASTHelpers.constValue(label);
        Boolean known =
                constant == null ? null : Branches.compare(Tree.Kind.EQUAL_TO, value, Values.constant(constant));
        if (known != null) {
            (known ? split.holds() : split.fails()).add(state);
            return;
        }
        Branches.Split decided = body.branches.decide(
                body.conditions.equality(ASTHelpers.stripParentheses(selector), label, true), state);
        split.holds().addAll(decided.holds());
        split.fails().addAll(decided.fails());
    }

    private static boolean isExhaustive(Tree tree, ExpressionTree selector, List<? extends CaseTree> cases) {
        if (!(tree instanceof JCSwitch statement)) {
            return true;
        }
        return statement.isExhaustive || statement.hasUnconditionalPattern || namesAllConstants(selector, cases);
    }

    private static boolean namesAllConstants(ExpressionTree selector, List<? extends CaseTree> cases) {
        Type type = ASTHelpers.getType(selector);
        if (type == null || type.tsym.getKind() != ElementKind.ENUM) {
            return false;
        }
        int constants = 0;
        for (Symbol member : type.tsym.members().getSymbols()) {
            constants += member.getKind() == ElementKind.ENUM_CONSTANT ? 1 : 0;
        }
        long named = cases.stream()
                .flatMap(each -> each.getLabels().stream())
                .filter(label -> label instanceof ConstantCaseLabelTree constant
                        && ASTHelpers.getSymbol(constant.getConstantExpression()) != null)
                .count();
        return named >= constants;
    }
}
