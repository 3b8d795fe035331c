// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one source says of its fields: where each is declared, and which VarHandle constant accesses which. */
final class HandleLinks {
    private static final Set<String> FINDERS = Set.of("findVarHandle", "findStaticVarHandle");

    private final Map<Symbol, VarSymbol> fieldOfHandle = new HashMap<>();
    private final Map<VarSymbol, Symbol> handleOfField = new HashMap<>();
    private final Map<Symbol, VariableTree> declarations = new HashMap<>();

    static HandleLinks of(CompilationUnitTree source) {
        HandleLinks links = new HandleLinks();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitVariable(VariableTree tree, Void unused) {
                links.declarations.put(ASTHelpers.getSymbol(tree), tree);
                links.link(ASTHelpers.getSymbol(tree), tree.getInitializer());
                return super.visitVariable(tree, null);
            }

            @Override
            public Void visitAssignment(AssignmentTree tree, Void unused) {
                links.link(ASTHelpers.getSymbol(tree.getVariable()), tree.getExpression());
                return super.visitAssignment(tree, null);
            }
        }.scan(source, null);
        return links;
    }

    Optional<VarSymbol> fieldOf(Symbol handle) {
        return Optional.ofNullable(fieldOfHandle.get(handle));
    }

    Optional<Symbol> handleOf(VarSymbol field) {
        return Optional.ofNullable(handleOfField.get(field));
    }

    Optional<VariableTree> declarationOf(VarSymbol field) {
        return Optional.ofNullable(declarations.get(field));
    }

    private void link(@Nullable Symbol handle, @Nullable Tree value) {
        if (handle == null || value == null) {
            return;
        }
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
                if (FINDERS.contains(ASTHelpers.getSymbol(call).getSimpleName().toString())) {
                    field(call.getArguments().get(0), call.getArguments().get(1))
                            .ifPresent(field -> {
                                fieldOfHandle.put(handle, field);
                                handleOfField.put(field, handle);
                            });
                }
                return super.visitMethodInvocation(call, null);
            }
        }.scan(value, null);
    }

    private static Optional<VarSymbol> field(ExpressionTree type, ExpressionTree name) {
        String constant = ASTHelpers.constValue(name, String.class);
        if (constant == null
                || !(type instanceof MemberSelectTree literal)
                || !literal.getIdentifier().contentEquals("class")
                || !(ASTHelpers.getSymbol(literal.getExpression()) instanceof ClassSymbol owner)) {
            return Optional.empty();
        }
        for (Symbol member : owner.members().getSymbols()) {
            if (member instanceof VarSymbol field && field.getSimpleName().contentEquals(constant)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
