// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Which methods, lambdas and method references have to run inside a section that their caller holds. */
final class ReadSectionRule {
    private static final String ANNOTATION = "org.rcublk.annotation.RequiresReadSection";

    private ReadSectionRule() {}

    /** By the method's own annotation, one of a method that it overrides, of its class or of a class around it. */
    static boolean requires(MethodSymbol method, VisitorState state) {
        if (ownOrClass(method)) {
            return true;
        }
        return !method.isConstructor()
                && !method.isStatic()
                && ASTHelpers.findSuperMethods(method, state.getTypes()).stream()
                        .anyMatch(ReadSectionRule::ownOrClass);
    }

    private static boolean ownOrClass(MethodSymbol method) {
        return annotated(method) || (method.owner instanceof ClassSymbol owner && requires(owner));
    }

    /** Whether the type or one around it is annotated. */
    static boolean requires(ClassSymbol type) {
        for (Symbol at = type; at != null; at = at.owner) {
            if (at instanceof ClassSymbol && annotated(at)) {
                return true;
            }
            if (at instanceof ClassSymbol && at.getSimpleName().isEmpty()) {
                return false; // anonymous: it may run when the section of whoever made it has ended
            }
        }
        return false;
    }

    static boolean annotated(Symbol symbol) {
        for (AnnotationMirror mirror : symbol.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().asElement() instanceof TypeElement type
                    && type.getQualifiedName().contentEquals(ANNOTATION)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a lambda or method reference is run inside a section by whoever it is given to: by the parameter that it is
     * passed to, or by its functional interface.
     *
     * @param state stands on the lambda or method reference
     */
    static boolean runsInSection(ExpressionTree function, VisitorState state) {
        VarSymbol parameter = parameterOf(state.getPath());
        if (parameter != null && annotatedInHierarchy(parameter, state)) {
            return true;
        }
        MethodSymbol descriptor = descriptor(function, state);
        return descriptor != null && requires(descriptor, state);
    }

    /** The functional interface's method, of a lambda or method reference. */
    static @Nullable MethodSymbol descriptor(ExpressionTree function, VisitorState state) {
        Type type = ASTHelpers.getType(function);
        if (type == null || !state.getTypes().isFunctionalInterface(type)) {
            return null;
        }
        return state.getTypes().findDescriptorSymbol(type.tsym) instanceof MethodSymbol method ? method : null;
    }

    private static boolean annotatedInHierarchy(VarSymbol parameter, VisitorState state) {
        if (annotated(parameter)) {
            return true;
        }
        if (!(parameter.owner instanceof MethodSymbol method) || method.isConstructor()) {
            return false;
        }
        int index = method.params().indexOf(parameter);
        return index >= 0
                && ASTHelpers.findSuperMethods(method, state.getTypes()).stream()
                        .anyMatch(above -> annotated(above.params().get(index)));
    }

    /** The parameter that the expression at the end of the path is an argument for. */
    private static @Nullable VarSymbol parameterOf(TreePath path) {
        Tree argument = path.getLeaf();
        TreePath up = path.getParentPath();
        while (up != null
                && switch (up.getLeaf().getKind()) {
                    case PARENTHESIZED, TYPE_CAST, CONDITIONAL_EXPRESSION -> true;
                    default -> false;
                }) {
            argument = up.getLeaf();
            up = up.getParentPath();
        }
        return switch (up == null ? null : up.getLeaf()) {
            case MethodInvocationTree call ->
                parameter(ASTHelpers.getSymbol(call), call.getArguments().indexOf(argument));
            case NewClassTree call ->
                parameter(ASTHelpers.getSymbol(call), call.getArguments().indexOf(argument));
            case null, default -> null;
        };
    }

    /** The parameter that takes the argument of an index; the last one takes all the rest of a varargs call. */
    static @Nullable VarSymbol parameter(MethodSymbol method, int index) {
        List<VarSymbol> parameters = method.params();
        if (index < 0 || parameters.isEmpty() || (index >= parameters.size() && !method.isVarArgs())) {
            return null;
        }
        return parameters.get(Math.min(index, parameters.size() - 1));
    }
}
