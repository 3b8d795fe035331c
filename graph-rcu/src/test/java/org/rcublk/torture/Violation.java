// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

/**
 * An oracle said that something must not be.
 *
 * @param oracle which one
 * @param evidence what was seen
 * @param atNanos how long the run had lasted
 */
record Violation(String oracle, String evidence, long atNanos) {
    /** Thrown where a thread cannot go on after it reported one. */
    static final class Abort extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abort(String message) {
            super(message);
        }
    }
}
