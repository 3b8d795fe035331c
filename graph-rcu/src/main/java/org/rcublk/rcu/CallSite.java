// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/** The place in the program that called into this library, as {@link DebugMode} records it. */
@AnyThread
public final class CallSite {
    /** Whether this process records any; constant, so that a caller's code for it costs nothing when it does not. */
    public static final boolean RECORDED = DebugMode.ENABLED;

    static final int DEPTH = 12;
    private static final Set<String> OWN = Set.of(
            CallSite.class.getName(),
            Tokens.class.getName(),
            ReadDomain.class.getName(),
            ReadSection.class.getName(),
            SectionStack.class.getName());
    private static final StackWalker WALKER = StackWalker.getInstance();

    private CallSite() {}

    /**
     * The calling thread's stack without the frames of a domain and of what belongs to it.
     *
     * @return at most {@value #DEPTH} frames, innermost first
     */
    @AnyThread
    public static List<StackTraceElement> here() {
        return WALKER.walk(frames -> frames.dropWhile(frame -> OWN.contains(frame.getClassName()))
                .limit(DEPTH)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .collect(Collectors.toUnmodifiableList()));
    }

    /**
     * As {@link #here}, if this process's debug mode records this one.
     *
     * @return the frames, empty when they are not recorded
     */
    @AnyThread
    public static List<StackTraceElement> sampled() {
        return RECORDED && DebugMode.takesThis() ? here() : List.of();
    }

    /**
     * One line of it for a message.
     *
     * @param site the frames
     * @return {@code " at A.b(A.java:1) < C.d(C.java:2) < ..."}, empty without frames
     */
    @AnyThread
    public static String describe(List<StackTraceElement> site) {
        return site.isEmpty()
                ? ""
                : site.stream().limit(4).map(Object::toString).collect(Collectors.joining(" < ", " at ", ""));
    }
}
