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
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.TypeTag;
import org.rcublk.checks.section.Findings.Cause;
import org.rcublk.checks.section.Findings.Leak;

/**
 * A read section that nobody ends on some path: its token is dropped, overwritten, or still open when the body is left.
 *
 * <p>{@code -XepOpt:ReadTokenLeak:Exceptions=false} leaves paths out on which a call's exception leaves the body;
 * {@code -XepOpt:ReadTokenLeak:NeverThrows=a.B.c,...} names methods that are taken not to throw.
 */
@BugPattern(
        summary = "A read section is not ended on every path",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/ReadTokenLeak.md")
public final class ReadTokenLeak extends SectionFlowCheck implements BugChecker.MemberReferenceTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final String MEND =
            "; end it in a finally block, hand it off, return it, or store it where its owner ends it";

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public ReadTokenLeak() {}

    @Override
    void report(Findings findings, VisitorState state) {
        boolean exceptions = state.errorProneOptions()
                .getFlags()
                .getBoolean("ReadTokenLeak:Exceptions")
                .orElse(true);
        for (Leak leak : findings.leaks()) {
            if (exceptions || leak.cause() != Cause.THROWN) {
                Description description = buildDescription(leak.begin())
                        .setMessage(what(leak.begin()) + words(leak, state) + MEND)
                        .addFix(LeakFixes.of(leak, state))
                        .build();
                reportAt(leak.begin(), description, state);
            }
        }
    }

    private static String what(Tree begin) {
        MethodSymbol method = ASTHelpers.getSymbol((MethodInvocationTree) begin);
        return SectionCall.of(method) == SectionCall.READ
                ? "the ReadSection of read() "
                : "the token of " + method.name + "() ";
    }

    private static String words(Leak leak, VisitorState state) {
        Tree where = leak.where();
        return switch (leak.cause()) {
            case DROPPED -> "is dropped, so nobody can end the section";
            case OVERWRITTEN ->
                "is lost when its variable takes another value in line " + (where == null ? 0 : line(where, state))
                        + ", and the section is still open";
            case LEFT ->
                where == null
                        ? "is still open on a path that comes to the end"
                        : "is still open on a path that leaves in line " + line(where, state);
            case THROWN ->
                where == null
                        ? "is still open when a call throws"
                        : "is still open if line " + line(where, state) + " throws: " + source(where, state);
        };
    }

    @Override
    public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
        boolean begins = SectionCall.of(ASTHelpers.getSymbol(tree)).begins();
        MethodSymbol descriptor = ReadSectionRule.descriptor(tree, state);
        boolean dropped = descriptor != null && descriptor.getReturnType().hasTag(TypeTag.VOID);
        return begins && dropped
                ? buildDescription(tree)
                        .setMessage(
                                "the section that this method reference begins is dropped, so nobody can end it" + MEND)
                        .build()
                : Description.NO_MATCH;
    }
}
