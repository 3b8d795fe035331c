// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.fixes.SuggestedFixes;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.TypeSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Forbids loads of a {@code @VolatileLoad} field that are weaker than volatile ones. See {@code
 * docs/checks/VolatileLoadRequired.md}.
 */
@BugPattern(
        summary = "This field must be loaded with a volatile load",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/VolatileLoadRequired.md")
public final class VolatileLoadRequired extends BugChecker
        implements BugChecker.MethodInvocationTreeMatcher,
                BugChecker.MemberReferenceTreeMatcher,
                BugChecker.IdentifierTreeMatcher,
                BugChecker.MemberSelectTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final String HANDLE = "java.lang.invoke.VarHandle";
    private static final String ATOMICS = "java.util.concurrent.atomic";
    private static final Set<String> WEAK_OF_HANDLE = Set.of("get", "getAcquire", "getOpaque");
    private static final Set<String> WEAK_OF_ATOMIC = Set.of("getPlain", "getAcquire", "getOpaque");

    private transient @Nullable CompilationUnitTree linked;
    private transient @Nullable HandleLinks links;

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public VolatileLoadRequired() {}

    @Override
    public Description matchMethodInvocation(MethodInvocationTree tree, VisitorState state) {
        return weakLoad(tree, ASTHelpers.getSymbol(tree), ASTHelpers.getReceiver(tree), state);
    }

    @Override
    public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
        return weakLoad(tree, ASTHelpers.getSymbol(tree), tree.getQualifierExpression(), state);
    }

    @Override
    public Description matchIdentifier(IdentifierTree tree, VisitorState state) {
        return plainRead(tree, state);
    }

    @Override
    public Description matchMemberSelect(MemberSelectTree tree, VisitorState state) {
        return plainRead(tree, state);
    }

    private Description weakLoad(
            ExpressionTree tree, MethodSymbol load, @Nullable ExpressionTree receiver, VisitorState state) {
        if (!(variable(receiver) instanceof VarSymbol loaded)) {
            return Description.NO_MATCH;
        }
        Optional<String> stronger = strongerLoad(load, loaded, state);
        if (stronger.isEmpty()) {
            return Description.NO_MATCH;
        }
        Description.Builder found = buildDescription(tree)
                .setMessage(String.format(
                        "%s is @VolatileLoad, and %s may be ordered before an earlier volatile store: use %s",
                        loaded.getSimpleName(), load.getSimpleName(), stronger.get()));
        if (tree instanceof MethodInvocationTree call) {
            found.addFix(SuggestedFixes.renameMethodInvocation(call, stronger.get(), state));
        }
        return found.build();
    }

    /** The load to use in place of this one, if this is a weak load of a field that must not be loaded so. */
    private Optional<String> strongerLoad(MethodSymbol load, VarSymbol loaded, VisitorState state) {
        String name = load.getSimpleName().toString();
        if (load.owner.getQualifiedName().contentEquals(HANDLE) && WEAK_OF_HANDLE.contains(name)) {
            boolean required = isMarked(loaded)
                    || links(state)
                            .fieldOf(loaded)
                            .filter(VolatileLoadRequired::isMarked)
                            .isPresent();
            return required ? Optional.of("getVolatile") : Optional.empty();
        }
        boolean weak = Annotations.packageOf(load).equals(ATOMICS) && WEAK_OF_ATOMIC.contains(name);
        return weak && isMarked(loaded) ? Optional.of("get") : Optional.empty();
    }

    private Description plainRead(Tree tree, VisitorState state) {
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol field)
                || !(field.owner instanceof ClassSymbol)
                || field.getModifiers().contains(Modifier.VOLATILE)
                || field.getModifiers().contains(Modifier.FINAL)
                || !isMarkedAnywhere(field, state)
                || ordersItsLoads(field.type.tsym)
                || isWritten(state.getPath())
                || isMaking(field, state.getPath())) {
            return Description.NO_MATCH;
        }
        Description.Builder found = buildDescription(tree)
                .setMessage(String.format(
                        "%s is @VolatileLoad and read plainly: declare it volatile, or read it with getVolatile of its VarHandle",
                        field.getSimpleName()));
        links(state)
                .declarationOf(field)
                .flatMap(declaration -> SuggestedFixes.addModifiers(declaration, state, Modifier.VOLATILE))
                .ifPresent(found::addFix);
        return found.build();
    }

    private boolean isMarkedAnywhere(VarSymbol field, VisitorState state) {
        return isMarked(field)
                || links(state)
                        .handleOf(field)
                        .filter(VolatileLoadRequired::isMarked)
                        .isPresent();
    }

    private static boolean isMarked(Symbol symbol) {
        return Annotations.has(symbol, Annotations.VOLATILE_LOAD);
    }

    /** The annotation of such a field speaks of what the object in it loads. */
    private static boolean ordersItsLoads(TypeSymbol type) {
        return type.getQualifiedName().contentEquals(HANDLE)
                || Annotations.packageOf(type).equals(ATOMICS);
    }

    private static boolean isWritten(TreePath path) {
        return path.getParentPath().getLeaf() instanceof AssignmentTree assignment
                && assignment.getVariable().equals(path.getLeaf());
    }

    /** In constructors and initializers of the field's class nobody else sees the object. */
    private static boolean isMaking(VarSymbol field, TreePath path) {
        for (TreePath at = path; at != null; at = at.getParentPath()) {
            switch (at.getLeaf()) {
                case LambdaExpressionTree _ -> {
                    return false;
                }
                case MethodTree method -> {
                    MethodSymbol symbol = ASTHelpers.getSymbol(method);
                    return symbol.isConstructor() && symbol.owner.equals(field.owner);
                }
                case ClassTree type -> {
                    return ASTHelpers.getSymbol(type).equals(field.owner);
                }
                default -> {}
            }
        }
        return true;
    }

    private static @Nullable Symbol variable(@Nullable ExpressionTree receiver) {
        @Nullable ExpressionTree at = receiver;
        while (at instanceof ArrayAccessTree element) {
            at = element.getExpression();
        }
        return at == null ? null : ASTHelpers.getSymbol(at);
    }

    private HandleLinks links(VisitorState state) {
        CompilationUnitTree source = state.getPath().getCompilationUnit();
        HandleLinks known = links;
        if (known == null || !source.equals(linked)) {
            known = HandleLinks.of(source);
            linked = source;
            links = known;
        }
        return known;
    }
}
