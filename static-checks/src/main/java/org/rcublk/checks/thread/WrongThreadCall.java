// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import java.util.Optional;

/**
 * Forbids calls between code whose threading rules exclude each other.
 *
 * <p>Code that may run on an IOThread must not call what belongs to control threads, code of control threads must not call
 * what belongs to an IOThread, and code of any thread may call neither. Code without a rule is not looked at: the call
 * graph follows it. See {@code docs/checks/WrongThreadCall.md}.
 */
@BugPattern(
        summary = "Call of a method that must not run on the caller's thread",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/WrongThreadCall.md")
public final class WrongThreadCall extends CallChecker {
    private static final long serialVersionUID = 1L;

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public WrongThreadCall() {}

    @Override
    Optional<Caller> caller(VisitorState state) {
        return ThreadRules.enclosing(state);
    }

    @Override
    Optional<String> wrong(Caller caller, Callee callee, VisitorState state) {
        return callee.ruled()
                .map(Ruled::rule)
                .filter(rule -> !caller.rule().mayCall(rule))
                .map(rule -> caller + " and calls " + callee + ": " + mend(caller.rule(), rule));
    }

    private static String mend(ThreadRule caller, ThreadRule callee) {
        String rename = caller == ThreadRule.ANY ? ", or say " + callee + " of the caller" : "";
        return switch (callee) {
            case WAITS -> "use startPoll and poll, or hand it to a control thread" + rename;
            case GLOBAL -> "hand it to a control thread" + rename;
            case IO, ANY -> "hand it to the IOThread that owns the objects" + rename;
        };
    }
}
