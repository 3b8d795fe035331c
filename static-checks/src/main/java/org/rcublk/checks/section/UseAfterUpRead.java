// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import org.rcublk.checks.section.Findings.LateUse;

/** A token, a {@code ReadSection}, or what was loaded under one, is used on a path on which the section has ended. */
@BugPattern(
        summary = "A read section is used after its end",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/UseAfterUpRead.md")
public final class UseAfterUpRead extends SectionFlowCheck {
    private static final long serialVersionUID = 1L;

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public UseAfterUpRead() {}

    @Override
    void report(Findings findings, VisitorState state) {
        for (LateUse use : findings.lateUses()) {
            String section = switch (use.section().origin()) {
                case Tree begin -> "the read section begun in line " + line(begin, state);
                case Symbol variable -> "the read section of " + variable.name;
                default -> "the read section";
            };
            String message = section + " " + use.what() + " on some path; use it before its end, and end it once";
            reportAt(
                    use.where(),
                    buildDescription(use.where()).setMessage(message).build(),
                    state);
        }
    }
}
