// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static com.google.errorprone.BugPattern.LinkType.CUSTOM;
import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.ErrorProneFlags;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import javax.lang.model.element.Modifier;

/**
 * Forbids what may block in code that may run on an IOThread: methods of the list {@code blocking.txt}, and monitors.
 *
 * <p>More methods are added with {@code -XepOpt:BlockingOnIoThread:Also=pkg.Class.method,pkg.Class.other}. See {@code
 * docs/checks/BlockingOnIoThread.md}.
 */
@BugPattern(
        summary = "Code that may run on an IOThread must not block",
        severity = ERROR,
        linkType = CUSTOM,
        link = "docs/checks/BlockingOnIoThread.md")
public final class BlockingOnIoThread extends CallChecker
        implements BugChecker.MethodTreeMatcher, BugChecker.SynchronizedTreeMatcher {
    private static final long serialVersionUID = 1L;
    private static final String ALSO = "BlockingOnIoThread:Also";
    private static final String MEND = ": hand it to a control thread or a storage worker";

    private final transient BlockingCalls blocking;

    /** Made by {@link java.util.ServiceLoader}, through which Error Prone finds checks. */
    public BlockingOnIoThread() {
        this(ErrorProneFlags.empty());
    }

    /**
     * Made by Error Prone for each compilation.
     *
     * @param flags the compilation's options
     */
    @Inject
    public BlockingOnIoThread(ErrorProneFlags flags) {
        blocking = new BlockingCalls(List.copyOf(flags.getListOrEmpty(ALSO)));
    }

    @Override
    Optional<Caller> caller(VisitorState state) {
        return Caller.notToBlock(state);
    }

    @Override
    Optional<String> wrong(Caller caller, Callee callee, VisitorState state) {
        return blocking.blocks(callee, state)
                ? Optional.of(caller + " and calls " + callee.name() + ", which may block" + MEND)
                : Optional.empty();
    }

    @Override
    public Description matchSynchronized(SynchronizedTree tree, VisitorState state) {
        return monitor(tree, state);
    }

    @Override
    public Description matchMethod(MethodTree tree, VisitorState state) {
        return tree.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)
                ? monitor(tree, state)
                : Description.NO_MATCH;
    }

    private Description monitor(Tree tree, VisitorState state) {
        return Caller.notToBlock(state)
                .map(caller -> buildDescription(tree)
                        .setMessage(caller + " and enters a monitor, which may block: use an atomic or volatile field,"
                                + " or hand it to a control thread")
                        .build())
                .orElse(Description.NO_MATCH);
    }
}
