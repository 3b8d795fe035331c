// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;

/**
 * Forbids access to a field that is confined to one thread from code that other threads run. See {@code
 * docs/checks/ConfinedFieldAccess.md}.
 */
@BugPattern(
        summary = "A confined field is accessed by code that other threads run",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/ConfinedFieldAccess.md")
public final class ConfinedFieldAccess extends BugChecker
        implements BugChecker.IdentifierTreeMatcher, BugChecker.MemberSelectTreeMatcher {
    private static final long serialVersionUID = 1L;

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public ConfinedFieldAccess() {}

    @Override
    public Description matchIdentifier(IdentifierTree tree, VisitorState state) {
        return match(tree, state);
    }

    @Override
    public Description matchMemberSelect(MemberSelectTree tree, VisitorState state) {
        return match(tree, state);
    }

    private Description match(Tree tree, VisitorState state) {
        if (!(ASTHelpers.getSymbol(tree) instanceof VarSymbol field) || !(field.owner instanceof ClassSymbol)) {
            return Description.NO_MATCH;
        }
        return Annotations.text(field, Annotations.CONFINED_TO)
                .flatMap(whose -> ThreadRules.enclosing(state)
                        .filter(caller -> caller.rule() != ThreadRule.IO)
                        .filter(caller -> caller.method()
                                .filter(method -> makes(field, method, state))
                                .isEmpty())
                        .map(caller -> buildDescription(tree)
                                .setMessage(message(field, whose, caller))
                                .build()))
                .orElse(Description.NO_MATCH);
    }

    /** While an object is made, nobody else sees it. */
    private static boolean makes(VarSymbol field, MethodSymbol method, VisitorState state) {
        return method.isConstructor() && method.owner.isSubClass(field.owner, state.getTypes());
    }

    private static String message(VarSymbol field, String whose, Caller caller) {
        return String.format(
                "%s, and %s.%s is confined to %s: hand the access to that thread, or keep a copy for others in a field"
                        + " with an ordering",
                caller, Ruled.nameOf(field.owner), field.getSimpleName(), whose);
    }
}
