// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

/** What was asked of the service cannot be done now. The message is one line that names the thing and the mend. */
public class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message what is wrong with what, and what mends it
     */
    public ServiceException(String message) {
        super(message);
    }
}
