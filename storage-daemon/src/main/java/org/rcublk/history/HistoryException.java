// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;

/** A history cannot be written or read. The message is one line for the user. */
public final class HistoryException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * An error.
     *
     * @param message one line that names the file and the mend
     */
    public HistoryException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message one line that names the file and the mend
     * @param cause what happened
     */
    public HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
