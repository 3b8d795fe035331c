// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * A change that the graph refuses, or that failed before it was published. Nothing was changed (guarantee E). The
 * message is one sentence that names the node or root and the mend.
 */
@AnyThread
public class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message what is wrong with which node, and what mends it
     */
    public GraphException(String message) {
        super(message);
    }

    /**
     * A failure that something else caused, a flush say.
     *
     * @param message what failed at which node, and what mends it
     * @param cause what caused it
     */
    public GraphException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
