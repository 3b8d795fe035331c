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
import com.sun.source.tree.MemberReferenceTree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import org.rcublk.checks.section.Findings.Unheld;

/** A method that requires a read section is called, or given away as a method reference, where none is held. */
@BugPattern(
        summary = "A method that requires a read section is called without one",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/ReadSectionRequired.md")
public final class ReadSectionRequired extends SectionFlowCheck implements BugChecker.MemberReferenceTreeMatcher {
    private static final long serialVersionUID = 1L;

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public ReadSectionRequired() {}

    @Override
    void report(Findings findings, VisitorState state) {
        for (Unheld call : findings.unheld()) {
            String message = call.callee() + " requires a read section, and on some path none is open here; begin one"
                    + " before it, or say @RequiresReadSection on the method or lambda parameter around it";
            reportAt(
                    call.where(),
                    buildDescription(call.where()).setMessage(message).build(),
                    state);
        }
    }

    @Override
    public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
        MethodSymbol method = ASTHelpers.getSymbol(tree);
        if (!ReadSectionRule.requires(method, state) || ReadSectionRule.runsInSection(tree, state)) {
            return Description.NO_MATCH;
        }
        String message = "the method reference to " + method.name + "() requires a read section, and runs where none is"
                + " known to be held; pass it to a parameter with @RequiresReadSection";
        return buildDescription(tree).setMessage(message).build();
    }
}
