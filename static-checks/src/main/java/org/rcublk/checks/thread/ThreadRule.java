// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import java.util.Arrays;
import java.util.Optional;

/** The threading rules, from the most lenient for callers to the strictest. */
enum ThreadRule {
    ANY("AnyThread"),
    IO("IoThreadOnly"),
    GLOBAL("GlobalState"),
    WAITS("WaitsForGracePeriod");

    private final String annotation;

    ThreadRule(String annotation) {
        this.annotation = annotation;
    }

    /** The rule that an annotation of this qualified name states. */
    static Optional<ThreadRule> ofAnnotation(String qualifiedName) {
        return Arrays.stream(values())
                .filter(rule -> qualifiedName.equals(Annotations.PACKAGE + rule.annotation))
                .findAny();
    }

    static ThreadRule stricter(ThreadRule left, ThreadRule right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    /** Whether the code runs on control threads alone. */
    boolean onControlThread() {
        return this == GLOBAL || this == WAITS;
    }

    /** Whether code of this rule may run on an IOThread, where nothing may block. */
    boolean maybeOnIoThread() {
        return this == IO || this == ANY;
    }

    /** Whether code of this rule may call a method of that one. */
    boolean mayCall(ThreadRule callee) {
        return switch (this) {
            case ANY -> callee == ANY;
            case IO -> callee == ANY || callee == IO;
            case GLOBAL, WAITS -> callee != IO;
        };
    }

    /** Whether a method of this rule may override one of that rule: whoever may call that one may call this one. */
    boolean mayOverride(ThreadRule overridden) {
        return this == overridden || this == ANY || (this == GLOBAL && overridden == WAITS);
    }

    @Override
    public String toString() {
        return "@" + annotation;
    }
}
