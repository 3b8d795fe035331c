// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

/** A command that is refused with an error of a given class. */
final class QmpException extends Exception {
    private static final long serialVersionUID = 1;

    /** The class of most errors. */
    static final String GENERIC = "GenericError";

    /** The class of a command that does not exist, or not now. */
    static final String COMMAND_NOT_FOUND = "CommandNotFound";

    private final String errorClass;

    QmpException(String errorClass, String message) {
        super(message);
        this.errorClass = errorClass;
    }

    String errorClass() {
        return errorClass;
    }
}
