// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.AssertTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Methods of the same source file that cannot be overridden and throw nothing, as their bodies show. */
final class QuietMethods {
    private final Map<MethodSymbol, MethodTree> methods = new HashMap<>();
    private final Answers<MethodSymbol> quiet = new Answers<>((method, _) -> look(method));
    private final Predicate<MethodSymbol> canThrow;

    QuietMethods(CompilationUnitTree file, Predicate<MethodSymbol> canThrow) {
        this.canThrow = canThrow;
        file.accept(
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
                        methods.put(ASTHelpers.getSymbol(tree), tree);
                        return super.visitMethod(tree, null);
                    }
                },
                null);
    }

    /** Whether the method is known not to throw; one that calls itself is not. */
    boolean contains(MethodSymbol method) {
        return quiet.of(method);
    }

    /** Asks about what it calls by way of {@link #canThrow}, which comes back here. */
    private boolean look(MethodSymbol method) {
        MethodTree tree = methods.get(method);
        return tree != null
                && tree.getBody() != null
                && isLast(method)
                && !Boolean.TRUE.equals(tree.getBody().accept(new Thrower(), null));
    }

    private static boolean isLast(MethodSymbol method) {
        return (method.flags() & (Flags.PRIVATE | Flags.STATIC | Flags.FINAL)) != 0
                || (method.owner.flags() & Flags.FINAL) != 0;
    }

    private final class Thrower extends TreeScanner<@Nullable Boolean, @Nullable Void> {
        @Override
        public @Nullable Boolean visitMethodInvocation(MethodInvocationTree tree, @Nullable Void unused) {
            return canThrow.test(ASTHelpers.getSymbol(tree))
                    || Boolean.TRUE.equals(super.visitMethodInvocation(tree, null));
        }

        @Override
        public @Nullable Boolean visitNewClass(NewClassTree tree, @Nullable Void unused) {
            return canThrow.test(ASTHelpers.getSymbol(tree)) || Boolean.TRUE.equals(super.visitNewClass(tree, null));
        }

        @Override
        public Boolean visitThrow(ThrowTree tree, @Nullable Void unused) {
            return true;
        }

        @Override
        public Boolean visitAssert(AssertTree tree, @Nullable Void unused) {
            return true;
        }

        @Override
        public Boolean visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void unused) {
            return false; // runs later, or in a call that counts as throwing
        }

        @Override
        public Boolean visitClass(ClassTree tree, @Nullable Void unused) {
            return false;
        }

        @Override
        public Boolean reduce(@Nullable Boolean first, @Nullable Boolean second) {
            return Boolean.TRUE.equals(first) || Boolean.TRUE.equals(second);
        }
    }
}
