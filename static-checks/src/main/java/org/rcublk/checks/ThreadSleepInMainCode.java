// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static com.google.errorprone.BugPattern.LinkType.NONE;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;
import static com.google.errorprone.matchers.Matchers.anyOf;
import static com.google.errorprone.matchers.method.MethodMatchers.instanceMethod;
import static com.google.errorprone.matchers.method.MethodMatchers.staticMethod;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.matchers.Matcher;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;

/**
 * Forbids {@link Thread#sleep(long)} and {@link java.util.concurrent.TimeUnit#sleep(long)} in main code, called or
 * taken as a method reference.
 *
 * <p>A sleep on an IOThread stops every queue that is mapped to it, and a sleep anywhere else hides a condition that
 * should be waited for with a deadline. Where a sleep is right, the method says {@code @SuppressWarnings} with this
 * check's name, and a comment beside it says why. See {@code docs/checks/ThreadSleepInMainCode.md}.
 */
@BugPattern(
        summary =
                "Thread.sleep in main code: wait for a condition with a deadline instead (docs/checks/ThreadSleepInMainCode.md)",
        severity = ERROR,
        linkType = NONE)
public final class ThreadSleepInMainCode extends BugChecker
        implements BugChecker.MethodInvocationTreeMatcher, BugChecker.MemberReferenceTreeMatcher {
    private static final long serialVersionUID = 1L;

    private static final Matcher<ExpressionTree> SLEEP = anyOf(
            staticMethod().onDescendantOf("java.lang.Thread").named("sleep"),
            instanceMethod().onDescendantOf("java.util.concurrent.TimeUnit").named("sleep"));

    /** Made by Error Prone, which finds checks through {@link java.util.ServiceLoader}. */
    public ThreadSleepInMainCode() {}

    @Override
    public Description matchMethodInvocation(MethodInvocationTree tree, VisitorState state) {
        return match(tree, state);
    }

    @Override
    public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
        return match(tree, state);
    }

    private Description match(ExpressionTree tree, VisitorState state) {
        return SLEEP.matches(tree, state) ? describeMatch(tree) : Description.NO_MATCH;
    }
}
