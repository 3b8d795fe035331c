// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.fixes.SuggestedFix;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * A lazy Vavr collection becomes part of what a version is made of, or of the description of a change to it. Its elements
 * would be computed later, on whichever thread asks first, inside a read section or on an IOThread.
 */
@BugPattern(
        summary = "A lazy Vavr collection in a version of the graph",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/LazyVavrInVersion.md")
public final class LazyVavrInVersion extends BugChecker
        implements BugChecker.VariableTreeMatcher,
                BugChecker.MethodTreeMatcher,
                BugChecker.AssignmentTreeMatcher,
                BugChecker.NewClassTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final String WHY =
            " would be computed later, by whichever reader asks first; a version is made of strict collections, such as"
                    + " Vector, List or HashMap: use .toVector() or .toList()";

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public LazyVavrInVersion() {}

    @Override
    public Description matchVariable(VariableTree tree, VisitorState state) {
        VarSymbol field = ASTHelpers.getSymbol(tree);
        if (!VersionParts.isField(field, state)) {
            return Description.NO_MATCH;
        }
        if (HeldTypes.any(field.type, LazyVavr::isLazy)) {
            return describe(tree, "the field " + field.name, SuggestedFix.emptyFix());
        }
        ExpressionTree value = tree.getInitializer();
        return value != null && LazyVavr.mayBeLazy(value, state)
                ? describe(value, "what the field " + field.name + " is set to", strict(value, field.type, state))
                : Description.NO_MATCH;
    }

    @Override
    public Description matchAssignment(AssignmentTree tree, VisitorState state) {
        ExpressionTree value = tree.getExpression();
        return ASTHelpers.getSymbol(tree.getVariable()) instanceof VarSymbol field
                        && VersionParts.isField(field, state)
                        && !HeldTypes.any(field.type, LazyVavr::isLazy)
                        && LazyVavr.mayBeLazy(value, state)
                ? describe(value, "what the field " + field.name + " is set to", strict(value, field.type, state))
                : Description.NO_MATCH;
    }

    @Override
    public Description matchMethod(MethodTree tree, VisitorState state) {
        MethodSymbol method = ASTHelpers.getSymbol(tree);
        if (!VersionParts.isPart(method.owner, state) || method.getModifiers().contains(Modifier.PRIVATE)) {
            return Description.NO_MATCH;
        }
        if (!method.isConstructor()) {
            boolean accessor = ASTHelpers.isGeneratedConstructor(tree) || isRecordAccessor(method);
            return !accessor && HeldTypes.any(method.getReturnType(), LazyVavr::isLazy)
                    ? describe(tree, "what " + method.name + "() returns", SuggestedFix.emptyFix())
                    : Description.NO_MATCH;
        }
        if (ASTHelpers.isGeneratedConstructor(tree) || ASTHelpers.isRecord(method)) {
            return Description.NO_MATCH; // the component is reported
        }
        for (VariableTree parameter : tree.getParameters()) {
            if (HeldTypes.any(ASTHelpers.getSymbol(parameter).type, LazyVavr::isLazy)) {
                return describe(parameter, "the argument " + parameter.getName(), SuggestedFix.emptyFix());
            }
        }
        return Description.NO_MATCH;
    }

    private static boolean isRecordAccessor(MethodSymbol method) {
        return ASTHelpers.isRecord(method.owner) && method.params().isEmpty() && hasField(method);
    }

    private static boolean hasField(MethodSymbol method) {
        for (var member : method.owner.members().getSymbolsByName(method.name)) {
            if (member instanceof VarSymbol) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Description matchNewClass(NewClassTree tree, VisitorState state) {
        MethodSymbol constructor = ASTHelpers.getSymbol(tree);
        if (!VersionParts.isPart(constructor.owner, state)) {
            return Description.NO_MATCH;
        }
        List<? extends ExpressionTree> arguments = tree.getArguments();
        for (int i = 0; i < arguments.size(); i++) {
            VarSymbol parameter = ReadSectionRule.parameter(constructor, i);
            if (LazyVavr.mayBeLazy(arguments.get(i), state)
                    && parameter != null
                    && !HeldTypes.any(parameter.type, LazyVavr::isLazy)) {
                SuggestedFix fix = strict(arguments.get(i), parameter.type, state);
                return describe(arguments.get(i), "what new " + constructor.owner.getSimpleName() + "() gets", fix);
            }
        }
        return Description.NO_MATCH;
    }

    private Description describe(Tree tree, String what, SuggestedFix fix) {
        return buildDescription(tree).setMessage(what + WHY).addFix(fix).build();
    }

    private static SuggestedFix strict(ExpressionTree value, Type wanted, VisitorState state) {
        String conversion = LazyVavr.conversionTo(wanted, state);
        return conversion.isEmpty() || LazyVavr.isIterable(ASTHelpers.getType(value), state)
                ? SuggestedFix.emptyFix()
                : SuggestedFix.postfixWith(value, conversion);
    }
}
