// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/** What was asked cannot be answered. The message is one line that names what is wrong and the mend. */
public final class CallGraphException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message one line: what is wrong, and the mend
     */
    public CallGraphException(String message) {
        super(message);
    }

    /**
     * Makes one that has a cause.
     *
     * @param message one line: what is wrong, and the mend
     * @param cause what happened
     */
    public CallGraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
