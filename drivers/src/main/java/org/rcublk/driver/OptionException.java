// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import org.rcublk.annotation.AnyThread;

/** A driver's options are wrong or cannot be satisfied. The message is one line for the user and names the mend. */
@AnyThread
public final class OptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line
     */
    public OptionException(String message) {
        super(message);
    }

    /**
     * Passes on what another layer says.
     *
     * @param cause its message is one line for the user
     */
    public OptionException(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
