// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

/** A run that cannot begin or go on. The message is one line that names the file or option and the mend. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A failure.
     *
     * @param message one line for the user
     */
    public BenchException(String message) {
        super(message);
    }

    /**
     * A failure that something else caused.
     *
     * @param message one line for the user
     * @param cause what caused it
     */
    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
