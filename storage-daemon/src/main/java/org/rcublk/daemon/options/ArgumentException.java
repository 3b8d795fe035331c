// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

/** What a user wrote cannot be understood. The message is one line that names where, the key and the mend. */
public class ArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message where, which key, what is wrong and what mends it
     */
    public ArgumentException(String message) {
        super(message);
    }
}
