// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.List;

/**
 * Bounds the work on one body. {@link Paths} bound how many paths there are at one point; but an operand is evaluated for each
 * of them, and so is an operand of that, so that the work grows with their product. Once it is spent, the first path stands
 * for all within an expression, which may miss a fault.
 */
final class Effort {
    private static final int EVALUATIONS = 50_000;

    private int evaluations;

    /** An expression is evaluated on one path. */
    void spend() {
        evaluations++;
    }

    /** The ways to go on from one operand to the next. */
    <T> Iterable<T> bounded(Iterable<T> ways) {
        var first = ways.iterator();
        return evaluations < EVALUATIONS || !first.hasNext() ? ways : List.of(first.next());
    }
}
