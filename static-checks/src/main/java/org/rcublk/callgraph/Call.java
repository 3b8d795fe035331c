// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Set;

/**
 * One call instruction. Compared by identity: it is a place in the code.
 *
 * <p>Arguments stand in order with the receiver, if any, first; of each it is known where it may have come from.
 */
final class Call implements Origin {
    enum Kind {
        /** The receiver's class decides. */
        VIRTUAL,
        /** The named method itself: constructors, {@code super}, private methods. */
        SPECIAL,
        /** No receiver. */
        STATIC
    }

    final Kind kind;
    final MethodRef target;
    final int line;
    /** Nothing but a throw can follow. */
    final boolean throwing;

    final List<Set<Origin>> arguments;

    Call(Kind kind, MethodRef target, int line, boolean throwing, List<Set<Origin>> arguments) {
        this.kind = kind;
        this.target = target;
        this.line = line;
        this.throwing = throwing;
        this.arguments = arguments;
    }
}
