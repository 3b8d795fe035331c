// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import java.nio.ByteBuffer;
import org.rcublk.annotation.AnyThread;

/** What the table holds for a cluster; null stands for unallocated. */
@AnyThread
sealed interface Cluster permits Cluster.Zero, Cluster.Data, Copy {
    /** Reads as zeroes, whatever the backing child holds. */
    enum Zero implements Cluster {
        /** The only one. */
        ZERO
    }

    /**
     * Allocated.
     *
     * @param bytes a whole cluster; accessed at absolute positions only, by any thread
     */
    record Data(ByteBuffer bytes) implements Cluster {}
}
