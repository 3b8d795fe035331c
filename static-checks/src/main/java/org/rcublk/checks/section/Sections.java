// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Findings.Cause;
import org.rcublk.checks.section.Section.Ownership;
import org.rcublk.checks.section.Section.Status;

/** What happens to sections on a path, and the faults that show in it. */
final class Sections {
    private final Body body;

    Sections(Body body) {
        this.body = body;
    }

    /** A section begins. One of the same place that is open in no variable any more is lost by that. */
    Result begin(Tree tree, PathState state) {
        Section section = Section.own(tree);
        PathState before = loseUnlessHeld(section, state, Cause.OVERWRITTEN, tree);
        if (before.status(section.asEarlier()) == Status.OPEN) {
            body.findings.leak(section.asEarlier(), Cause.OVERWRITTEN, tree);
        }
        return new Result(before.begin(section), new Value.Of(section));
    }

    /** The value goes nowhere. */
    PathState drop(Result result) {
        return result.value() instanceof Value.Of of
                ? loseUnlessHeld(of.section(), result.state(), Cause.DROPPED, null)
                : result.state();
    }

    /** A local variable takes a value. */
    PathState assign(Object variable, Result result, Tree tree) {
        Value value = result.value();
        boolean kept = !(value instanceof Value.Constant) || body.conditions.isLookedAt(variable);
        PathState next = result.state().assign(variable, kept ? value : Values.UNKNOWN);
        return result.state().value(variable) instanceof Value.Of old
                ? loseUnlessHeld(old.section(), next, Cause.OVERWRITTEN, tree)
                : next;
    }

    private PathState loseUnlessHeld(Section section, PathState state, Cause cause, @Nullable Tree where) {
        if (section.ownership() != Ownership.OWN
                || state.status(section) != Status.OPEN
                || state.isHeldByVariable(section)) {
            return state;
        }
        body.findings.leak(section, cause, where);
        return state.with(section, Status.GIVEN);
    }

    /** The value goes to somebody else, who ends the section. */
    PathState give(Result result, Tree tree, String how) {
        if (!(result.value() instanceof Value.Of of)) {
            return result.state();
        }
        if (result.state().ended(of.section())) {
            body.findings.lateUse(tree, of.section(), "is " + how + " after it has ended");
        }
        return result.state().status(of.section()) == Status.OPEN
                ? result.state().with(of.section(), Status.GIVEN)
                : result.state();
    }

    /** A section is used in a way that it has to be open for. */
    void use(Value value, PathState state, Tree tree, String how) {
        if (value instanceof Value.Of of && state.ended(of.section())) {
            body.findings.lateUse(tree, of.section(), how);
        }
    }

    /** The section of an argument or receiver ends. */
    PathState end(Value value, ExpressionTree operand, PathState state, Tree tree) {
        if (value instanceof Value.Of of) {
            use(value, state, tree, "is ended twice");
            return state.with(of.section(), Status.ENDED);
        }
        if (operand instanceof IdentifierTree
                && ASTHelpers.getSymbol(operand) instanceof VarSymbol variable
                && !StableText.isField(variable)) {
            Section section = Section.foreign(variable);
            return state.with(section, Status.ENDED).assign(variable, new Value.Of(section));
        }
        return state;
    }

    /** What a lambda or class captures is the lambda's or the object's to end. */
    PathState capture(Tree function, PathState state) {
        Set<Symbol> captured = new LinkedHashSet<>();
        function.accept(
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void unused) {
                        captured.add(ASTHelpers.getSymbol(tree));
                        return null;
                    }
                },
                null);
        PathState next = state;
        String how = function instanceof LambdaExpressionTree ? "captured by a lambda" : "captured by a class";
        for (Symbol variable : captured) {
            next = give(new Result(next, next.value(variable)), function, how);
        }
        return next;
    }
}
