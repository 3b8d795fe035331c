// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/** Who holds gates: one transaction. Two owners are the same only if they are one object. */
@AnyThread
final class GateOwner {
    private final String description;

    GateOwner(String description) {
        this.description = description;
    }

    /** What the owner is doing, for the message of somebody who waits for it. */
    String description() {
        return description;
    }
}
