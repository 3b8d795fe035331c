// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.VariableTree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;

/** A field or record component keeps a version of the graph beyond the request that loaded it. */
@BugPattern(
        summary = "A version of the graph is kept in a field",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/VersionInField.md")
public final class VersionInField extends BugChecker implements BugChecker.VariableTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final String VERSION = "org.rcublk.graph.Version";
    private static final String PUBLICATION = "org.rcublk.annotation.VolatileLoad";

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public VersionInField() {}

    @Override
    public Description matchVariable(VariableTree tree, VisitorState state) {
        VarSymbol variable = ASTHelpers.getSymbol(tree);
        if (!StableText.isField(variable)
                || HeldTypes.isAnnotated(variable, PUBLICATION)
                || !HeldTypes.any(variable.type, VersionInField::isVersion)) {
            return Description.NO_MATCH;
        }
        String message =
                "the field " + variable.name + " keeps a Version, and with it every node that it describes; load"
                        + " LiveGraph.current() where it is used, or keep what you need of it (its number, a name). The field"
                        + " that publishes versions says @VolatileLoad";
        return buildDescription(tree).setMessage(message).build();
    }

    private static boolean isVersion(Type type) {
        return type.tsym.getQualifiedName().contentEquals(VERSION);
    }
}
