// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Section.Status;

/** Evaluates calls: those that begin and end sections, and what any other call does to the sections that it is given. */
final class Calls {
    private static final Set<String> LOADED_FROM = Set.of("org.rcublk.graph.Version", "org.rcublk.graph.Route");

    /** Owners of methods that look at a token and do not keep it. */
    private static final Set<String> LOOKERS = Set.of(
            "java.lang.Long",
            "java.lang.String",
            "java.lang.StringBuilder",
            "java.lang.Math",
            "java.util.Objects",
            "java.io.PrintStream",
            "org.openjdk.jmh.infra.Blackhole",
            "org.slf4j.Logger");

    /** The path and the values of a call's operands, before the call is made. */
    private record Operands(PathState state, Value receiver, List<Value> arguments) {
        Operands with(Result argument) {
            List<Value> values = new ArrayList<>(arguments);
            values.add(argument.value());
            return new Operands(argument.state(), receiver, values);
        }

        Operands weaker() {
            return new Operands(
                    state.weaker(),
                    receiver.weaker(),
                    arguments.stream().map(Value::weaker).toList());
        }

        Operands at(PathState after) {
            return new Operands(after, receiver, arguments);
        }

        Value last() {
            return arguments.isEmpty() ? Values.UNKNOWN : arguments.getLast();
        }
    }

    private final Body body;

    Calls(Body body) {
        this.body = body;
    }

    Results invoke(MethodInvocationTree tree, PathState state) {
        MethodSymbol method = ASTHelpers.getSymbol(tree);
        SectionCall call = SectionCall.of(method);
        ExpressionTree receiver =
                tree.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
        Results results = new Results();
        for (Operands operands : operands(receiver, tree.getArguments(), state)) {
            results.add(
                    switch (call) {
                        case DOWN, READ -> body.sections.begin(tree, operands.state());
                        case FORK -> fork(operands.last(), operands.state(), tree);
                        case SECTION_FORK -> fork(operands.receiver(), operands.state(), tree);
                        case UP -> {
                            ExpressionTree token = tree.getArguments().getLast();
                            yield Result.unknown(body.sections.end(operands.last(), token, operands.state(), tree));
                        }
                        case CLOSE -> Result.unknown(close(operands, receiver, tree));
                        case HAND_OFF -> Result.unknown(handOff(operands, tree));
                        case OTHER -> other(method, operands, tree, receiver, tree.getArguments());
                    });
        }
        return results;
    }

    Results create(NewClassTree tree, PathState state) {
        MethodSymbol constructor = ASTHelpers.getSymbol(tree);
        Results results = new Results();
        for (Operands each : operands(tree.getEnclosingExpression(), tree.getArguments(), state)) {
            Operands operands = tree.getClassBody() == null
                    ? each
                    : each.at(body.sections.capture(tree.getClassBody(), each.state()));
            Result created = other(constructor, operands, tree, null, tree.getArguments());
            results.add(Result.unknown(created.state()));
        }
        return results;
    }

    private Iterable<Operands> operands(
            @Nullable ExpressionTree receiver, List<? extends ExpressionTree> arguments, PathState state) {
        Set<Operands> ways = new LinkedHashSet<>();
        if (receiver == null) {
            ways.add(new Operands(state, Values.UNKNOWN, List.of()));
        } else {
            for (Result each : body.expressions.eval(receiver, state)) {
                ways.add(new Operands(each.state(), each.value(), List.of()));
            }
        }
        for (ExpressionTree argument : arguments) {
            Set<Operands> next = new LinkedHashSet<>();
            for (Operands way : body.effort.bounded(ways)) {
                for (Result each : body.expressions.eval(argument, way.state())) {
                    Paths.addBounded(next, way.with(each), Operands::weaker);
                }
            }
            ways = next;
        }
        return ways;
    }

    private Result fork(Value parent, PathState state, Tree tree) {
        body.sections.use(parent, state, tree, "is forked after it has ended");
        PathState before = body.sections.drop(new Result(state, parent));
        Result begun = body.sections.begin(tree, before);
        return parent instanceof Value.Of of && begun.value() instanceof Value.Of child
                ? new Result(begun.state().continued(of.section(), child.section()), child)
                : begun;
    }

    private PathState close(Operands operands, @Nullable ExpressionTree receiver, Tree tree) {
        return receiver == null
                ? operands.state()
                : body.sections.end(operands.receiver(), receiver, operands.state(), tree);
    }

    private PathState handOff(Operands operands, Tree tree) {
        return body.sections.give(new Result(operands.state(), operands.last()), tree, "handed off");
    }

    private Result other(
            MethodSymbol method,
            Operands operands,
            Tree tree,
            @Nullable ExpressionTree receiver,
            List<? extends ExpressionTree> arguments) {
        boolean requires = requires(method, receiver);
        if (requires) {
            check(method, operands, tree);
        }
        PathState state = body.sections.drop(new Result(operands.state(), operands.receiver()));
        for (int i = 0; i < arguments.size(); i++) {
            Result argument = new Result(state, operands.arguments().get(i));
            state = isOnlyLookedAt(method, i)
                    ? body.sections.drop(argument)
                    : body.sections.give(argument, arguments.get(i), "passed on");
        }
        mayThrow(method, tree, state);
        return new Result(state, loaded(method, requires, operands.receiver(), state));
    }

    private boolean requires(MethodSymbol method, @Nullable ExpressionTree receiver) {
        return ReadSectionRule.requires(method, body.visitor)
                || (receiver instanceof IdentifierTree
                        && ASTHelpers.getSymbol(receiver) instanceof VarSymbol variable
                        && variable.getKind() == ElementKind.PARAMETER
                        && ReadSectionRule.annotated(variable));
    }

    private void check(MethodSymbol method, Operands operands, Tree tree) {
        if (operands.state().open().isEmpty()) {
            body.findings.unheld(tree, method);
        }
        List<Value> values = new ArrayList<>(operands.arguments());
        values.add(operands.receiver());
        for (Value value : values) {
            if (value instanceof Value.Loaded loaded && loaded.under().stream().allMatch(operands.state()::ended)) {
                body.findings.lateUse(
                        tree,
                        loaded.under().iterator().next(),
                        "has ended, and " + method.name + "() uses what was loaded under it");
            }
        }
    }

    private static boolean isOnlyLookedAt(MethodSymbol method, int index) {
        if (LOOKERS.contains(method.owner.getQualifiedName().toString())) {
            return true;
        }
        VarSymbol parameter = ReadSectionRule.parameter(method, index);
        return parameter != null && parameter.type.tsym.getQualifiedName().contentEquals("java.lang.Object");
    }

    /** The result, if it is only good while a section is open. */
    private static Value loaded(MethodSymbol method, boolean requires, Value receiver, PathState state) {
        Type type = method.isConstructor() ? method.owner.type : method.getReturnType();
        if (type.isPrimitiveOrVoid()) {
            return Values.UNKNOWN;
        }
        if (receiver instanceof Value.Loaded) {
            return receiver;
        }
        boolean load = requires
                || LOADED_FROM.contains(type.tsym.getQualifiedName().toString())
                || LOADED_FROM.contains(method.owner.getQualifiedName().toString());
        Set<Section> open = state.open();
        return load && !open.isEmpty() && !method.isConstructor() ? new Value.Loaded(open) : Values.UNKNOWN;
    }

    /** Follows the paths on which the call throws, where it matters: a section is open, or somebody may catch. */
    void mayThrow(MethodSymbol method, Tree tree, PathState state) {
        if (!body.throwing.canThrow(method)
                || (body.enclosingTries == 0 && state.owed().isEmpty())) {
            return;
        }
        PathState leaving = state.leaving(tree);
        body.jumps.addThrown(body.visitor.getSymtab().runtimeExceptionType, leaving);
        for (Type thrown : method.getThrownTypes()) {
            body.jumps.addThrown(body.visitor.getTypes().erasure(thrown), leaving);
        }
    }

    /** A resource of a try statement is closed. */
    PathState closeResource(Value resource, @Nullable MethodSymbol close, Tree tree, PathState state) {
        if (resource instanceof Value.Of of) {
            return state.with(of.section(), Status.ENDED);
        }
        boolean thrown = state.leaving() != null && !(state.leaving() instanceof ReturnTree);
        if (close != null && !thrown) { // a second exception is suppressed
            mayThrow(close, tree, state);
        }
        return state;
    }
}
