// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.fixes.SuggestedFix;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Types;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Forbids an override that its callers may not call: through the overridden method they see a weaker rule.
 *
 * <p>The same holds for what a method asks of its callers ({@code @RequiresReadSection}), and for parameters whose function an
 * override would run on other threads than the overridden method says. See {@code docs/checks/WidenedThreadRule.md}.
 */
@BugPattern(
        summary = "An override forbids its callers what the overridden method allows",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/WidenedThreadRule.md")
public final class WidenedThreadRule extends BugChecker implements BugChecker.MethodTreeMatcher {
    private static final long serialVersionUID = 1L;
    private static final String PROJECT = "org.rcublk";

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public WidenedThreadRule() {}

    @Override
    public Description matchMethod(MethodTree tree, VisitorState state) {
        MethodSymbol method = ASTHelpers.getSymbol(tree);
        Types types = state.getTypes();
        for (MethodSymbol above : ThreadRules.overriddenBy(method, types)) {
            Optional<Description> wrong = rule(tree, method, above, types)
                    .or(() -> section(tree, method, above, types))
                    .or(() -> parameters(tree, method, above, types));
            if (wrong.isPresent()) {
                return wrong.get();
            }
        }
        return Description.NO_MATCH;
    }

    private Optional<Description> rule(MethodTree tree, MethodSymbol method, MethodSymbol above, Types types) {
        Optional<Ruled> here = ThreadRules.ofMethod(method, types);
        Optional<Ruled> there = ThreadRules.ofMethod(above, types);
        if (here.isEmpty()
                || there.isEmpty()
                || here.get().rule().mayOverride(there.get().rule())) {
            return Optional.empty();
        }
        ThreadRule allowed = there.get().rule();
        return Optional.of(describe(
                tree,
                tree.getModifiers(),
                String.format(
                        "%s is %s, but overrides %s, which is %s: say %s here too, or change the rule there",
                        Ruled.nameOf(method), here.get(), Ruled.nameOf(above), there.get(), allowed),
                name -> ThreadRule.ofAnnotation(name)
                        .filter(rule -> !rule.mayOverride(allowed))
                        .isPresent()));
    }

    private Optional<Description> section(MethodTree tree, MethodSymbol method, MethodSymbol above, Types types) {
        if (!Annotations.has(method, Annotations.REQUIRES_READ_SECTION)
                || ThreadRules.requiresReadSection(above, types)
                || !ours(above, types)) {
            return Optional.empty();
        }
        return Optional.of(describe(
                tree,
                tree.getModifiers(),
                String.format(
                        "%s is @RequiresReadSection, but overrides %s, which is not: say it there, or open a section here",
                        Ruled.nameOf(method), Ruled.nameOf(above)),
                Annotations.REQUIRES_READ_SECTION::equals));
    }

    private static boolean ours(MethodSymbol above, Types types) {
        return ThreadRules.ofMethod(above, types).isPresent()
                || Annotations.packageOf(above).startsWith(PROJECT);
    }

    private Optional<Description> parameters(MethodTree tree, MethodSymbol method, MethodSymbol above, Types types) {
        for (int i = 0; i < method.params().size(); i++) {
            Optional<ThreadRule> here = Annotations.rule(method.params().get(i));
            Optional<ThreadRule> there =
                    ThreadRules.ofParameter(above, i, types).map(Ruled::rule);
            if (here.isPresent() && there.isPresent() && !runs(there.get(), here.get())) {
                VariableTree parameter = tree.getParameters().get(i);
                return Optional.of(describe(
                        parameter,
                        parameter.getModifiers(),
                        String.format(
                                "Parameter %s of %s is %s, but in the overridden %s it is %s: what callers pass was checked for that",
                                parameter.getName(),
                                Ruled.nameOf(method),
                                here.get(),
                                Ruled.nameOf(above),
                                there.get()),
                        name -> ThreadRule.ofAnnotation(name).isPresent()));
            }
        }
        return Optional.empty();
    }

    /** Whether a function that was checked for one rule may run where another one is promised. */
    private static boolean runs(ThreadRule checkedFor, ThreadRule ranAs) {
        return checkedFor == ThreadRule.ANY
                || checkedFor == ranAs
                || (checkedFor.onControlThread() && ranAs.onControlThread());
    }

    private Description describe(Tree at, ModifiersTree modifiers, String message, Predicate<String> superfluous) {
        SuggestedFix.Builder fix = SuggestedFix.builder();
        for (AnnotationTree mark : modifiers.getAnnotations()) {
            if (ASTHelpers.getSymbol(mark.getAnnotationType()) instanceof ClassSymbol type
                    && superfluous.test(type.getQualifiedName().toString())) {
                fix.delete(mark);
            }
        }
        return buildDescription(at).setMessage(message).addFix(fix.build()).build();
    }
}
