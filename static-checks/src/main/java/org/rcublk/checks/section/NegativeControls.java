// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The switches of negative controls in a source file: constants that {@code Mutants.on} sets. They are taken to be off, so
 * that a fault which a control makes on purpose is none, and the code is checked as it runs otherwise.
 */
final class NegativeControls {
    private NegativeControls() {}

    static Set<Symbol> in(CompilationUnitTree file) {
        Set<Symbol> switches = new HashSet<>();
        file.accept(
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void unused) {
                        Symbol variable = ASTHelpers.getSymbol(tree);
                        if (ASTHelpers.isStatic(variable)
                                && ASTHelpers.isConsideredFinal(variable)
                                && tree.getInitializer() instanceof MethodInvocationTree call
                                && isSwitch(ASTHelpers.getSymbol(call))) {
                            switches.add(variable);
                        }
                        return super.visitVariable(tree, null);
                    }
                },
                null);
        return switches;
    }

    private static boolean isSwitch(MethodSymbol method) {
        return method.name.contentEquals("on")
                && method.owner.getQualifiedName().contentEquals("org.rcublk.rcu.Mutants");
    }
}
