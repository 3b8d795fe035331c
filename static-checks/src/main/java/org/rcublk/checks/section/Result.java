// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

/**
 * One way in which an expression may come out.
 *
 * @param state the path after it
 * @param value its value there
 */
record Result(PathState state, Value value) {
    /** The same without what only tells conditions apart. */
    Result weaker() {
        return new Result(state.weaker(), value.weaker());
    }

    static Result unknown(PathState state) {
        return new Result(state, Values.UNKNOWN);
    }
}
