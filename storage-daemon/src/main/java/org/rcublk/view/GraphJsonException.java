// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

/** A text is not a graph in JSON. The message is one line that says where and what. */
public final class GraphJsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GraphJsonException(String message) {
        super(message);
    }

    GraphJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
