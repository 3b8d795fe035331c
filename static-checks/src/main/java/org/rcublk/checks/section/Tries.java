// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.UnionTypeTree;
import com.sun.source.tree.VariableTree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Jumps.Jump;

/** Runs try statements: resources, catch clauses, and finally blocks on each way out. */
final class Tries {
    private final Body body;

    Tries(Body body) {
        this.body = body;
    }

    Paths run(TryTree tree, Paths in) {
        if (tree.getFinallyBlock() == null) {
            return caught(tree, in);
        }
        Jumps inner = new Jumps();
        Paths normal = within(inner, () -> caught(tree, in));
        Paths out = body.flow.run(tree.getFinallyBlock(), normal);
        for (Map.Entry<Jump, Paths> each : inner.all().entrySet()) {
            Paths after = body.flow.run(tree.getFinallyBlock(), each.getValue());
            body.jumps.addLike(inner, each.getKey(), after);
        }
        return out;
    }

    private Paths within(Jumps inner, Supplier<Paths> code) {
        Jumps outer = body.jumps;
        body.jumps = inner;
        body.enclosingTries++;
        Paths out = code.get();
        body.enclosingTries--;
        body.jumps = outer;
        return out;
    }

    private Paths caught(TryTree tree, Paths in) {
        if (tree.getCatches().isEmpty()) {
            return resources(tree, 0, in);
        }
        Jumps inner = new Jumps();
        Paths out = new Paths();
        out.addAll(within(inner, () -> resources(tree, 0, in)));
        List<Paths> entries = new ArrayList<>();
        tree.getCatches().forEach(clause -> entries.add(new Paths()));
        for (Map.Entry<Jump, Paths> each : inner.all().entrySet()) {
            Type thrown = inner.thrownType(each.getKey());
            if (thrown == null || !enter(tree, entries, thrown, each.getValue())) {
                body.jumps.addLike(inner, each.getKey(), each.getValue());
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            CatchTree clause = tree.getCatches().get(i);
            Paths entry = entries.get(i)
                    .map(state -> state.leaving(null).without(List.of(ASTHelpers.getSymbol(clause.getParameter()))));
            out.addAll(body.flow.run(clause.getBlock(), entry));
        }
        return out;
    }

    /** Adds the paths to the clauses that may catch the type; whether one surely does. */
    private boolean enter(TryTree tree, List<Paths> entries, Type thrown, Paths paths) {
        Types types = body.visitor.getTypes();
        for (int i = 0; i < entries.size(); i++) {
            Tree declared = tree.getCatches().get(i).getParameter().getType();
            List<? extends Tree> alternatives =
                    declared instanceof UnionTypeTree union ? union.getTypeAlternatives() : List.of(declared);
            for (Tree alternative : alternatives) {
                Type caught = ASTHelpers.getType(alternative);
                if (types.isSubtype(thrown, caught)) {
                    entries.get(i).addAll(paths);
                    return true;
                }
                if (types.isSubtype(caught, thrown)) {
                    entries.get(i).addAll(paths);
                }
            }
        }
        return false;
    }

    private Paths resources(TryTree tree, int index, Paths in) {
        if (index == tree.getResources().size()) {
            return body.flow.run(tree.getBlock(), in);
        }
        Tree resource = tree.getResources().get(index);
        Object variable;
        Paths opened;
        if (resource instanceof VariableTree declared) {
            variable = ASTHelpers.getSymbol(declared);
            opened = body.flow.declare(declared, in);
        } else {
            // The variable or field itself; a variable may not change meanwhile.
            variable = ASTHelpers.getSymbol((ExpressionTree) resource);
            opened = in;
        }
        MethodSymbol close = closeOf(ASTHelpers.getType(resource));
        Jumps inner = new Jumps();
        Paths out = close(within(inner, () -> resources(tree, index + 1, opened)), variable, close, resource);
        for (Map.Entry<Jump, Paths> each : inner.all().entrySet()) {
            body.jumps.addLike(inner, each.getKey(), close(each.getValue(), variable, close, resource));
        }
        return out;
    }

    private Paths close(Paths paths, @Nullable Object variable, @Nullable MethodSymbol close, Tree resource) {
        return paths.map(state -> {
            PathState closed = body.calls.closeResource(state.value(variable), close, resource, state);
            return resource instanceof VariableTree && variable != null ? closed.without(List.of(variable)) : closed;
        });
    }

    private @Nullable MethodSymbol closeOf(@Nullable Type type) {
        if (type == null) {
            return null;
        }
        for (Type at : body.visitor.getTypes().closure(type)) {
            for (Symbol member : at.tsym.members().getSymbolsByName(body.visitor.getNames().close)) {
                if (member instanceof MethodSymbol method && method.params().isEmpty()) {
                    return method;
                }
            }
        }
        return null;
    }
}
