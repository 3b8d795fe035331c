// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.List;
import java.util.Set;
import org.rcublk.checks.section.Section.Status;

/** The interpretation of one body: of a method, a lambda, or an initializer. */
final class Body {
    final VisitorState visitor;
    final Conditions conditions;
    final Throwing throwing;
    /** Constants that are taken to be false. */
    final Set<Symbol> controls;

    /** Whether what the body returns goes nowhere, as from a benchmark. */
    final boolean returnsToNobody;

    final Effort effort = new Effort();
    final Findings findings = new Findings();
    final Sections sections = new Sections(this);
    final Branches branches = new Branches(this);
    final Expressions expressions = new Expressions(this);
    final Calls calls = new Calls(this);
    final Flow flow = new Flow(this);
    final Switches switches = new Switches(this);
    final Tries tries = new Tries(this);

    /** Where jumps out of the code that is being interpreted go. */
    Jumps jumps = new Jumps();

    /** How many try statements are around the code that is being interpreted. */
    int enclosingTries;

    Body(Tree tree, VisitorState visitor, Set<String> neverThrows, boolean returnsToNobody) {
        this.returnsToNobody = returnsToNobody;
        this.controls = NegativeControls.in(visitor.getPath().getCompilationUnit());
        this.visitor = visitor;
        this.conditions = new Conditions(tree);
        this.throwing = new Throwing(visitor.getTypes(), visitor.getPath().getCompilationUnit(), neverThrows);
    }

    /** Interprets a block with parameters. */
    Findings run(BlockTree block, List<? extends VariableTree> parameters, boolean callerHolds) {
        leave(flow.run(block, new Paths(start(parameters, callerHolds))));
        return findings;
    }

    /** Interprets the expression that is a lambda's body. */
    Findings run(
            ExpressionTree result, List<? extends VariableTree> parameters, boolean callerHolds, boolean returned) {
        for (Result each : expressions.eval(result, start(parameters, callerHolds))) {
            findings.leaves(returned ? sections.give(each, result, "returned") : sections.drop(each));
        }
        jumps.all().values().forEach(paths -> paths.forEach(findings::leaves));
        return findings;
    }

    private void leave(Paths end) {
        end.forEach(findings::leaves);
        jumps.all().values().forEach(paths -> paths.forEach(findings::leaves));
    }

    private static PathState start(List<? extends VariableTree> parameters, boolean callerHolds) {
        PathState state = PathState.start(callerHolds);
        for (VariableTree parameter : parameters) {
            VarSymbol symbol = ASTHelpers.getSymbol(parameter);
            if (symbol.type.tsym.getQualifiedName().contentEquals(SectionCall.SECTION)) {
                Section section = Section.foreign(symbol);
                state = state.with(section, Status.GIVEN).assign(symbol, new Value.Of(section));
            }
        }
        return state;
    }
}
