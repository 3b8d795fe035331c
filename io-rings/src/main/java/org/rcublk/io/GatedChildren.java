// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Objects;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.Mutants;

/** Of a negative control: a child looks at the gate as its parent did, and parks in its parent's queue. */
@IoThreadOnly
final class GatedChildren {
    static final boolean ON = Mutants.on("io-child-gated");

    private GatedChildren() {}

    /** Whether the gate was closed to new requests, so that the child was parked. */
    static boolean parks(Request child, PlanNode node) {
        Request root = child.parent;
        Virtqueue queue = root == null ? null : root.queue;
        if (queue == null || !(queue.device().admission() instanceof RcuAdmission rcu) || !rcu.gated(queue.routes())) {
            return false;
        }
        queue.park(child);
        child.at = node;
        return true;
    }

    @SuppressWarnings("ReadSectionRequired") // a child parks with its token
    static void submitAgain(Request child) {
        child.state = Request.RUNNING;
        child.submitTo(Objects.requireNonNull(child.at));
    }
}
