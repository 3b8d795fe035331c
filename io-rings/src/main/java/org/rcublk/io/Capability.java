// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;

/**
 * What a driver does itself, so that the block layer above it need not. A driver that leaves one out is served correctly,
 * only more slowly.
 */
@AnyThread
public enum Capability {
    /**
     * A write, zeroing or discard with {@link BlockOp#FLAG_FUA} is durable when the driver completes it: it sees to that, or
     * nothing that it stores is less durable, or it passes the flag on to its child. Without this the driver never sees the
     * flag; a flush follows the request instead.
     */
    FUA,

    /**
     * The driver takes {@link BlockOp#WRITE_ZEROES} within its limits. It may answer {@link Errno#ENOTSUP}, having changed
     * nothing that is not zero now; zeroes are written for it then. Without this it never sees the operation.
     */
    ZEROES,

    /**
     * As {@link #ZEROES}, which it includes, and {@code ENOTSUP} is answered to nothing but
     * {@link BlockOp#FLAG_NO_FALLBACK}; or the operation goes to a child as it is. Then the block layer need not stand by.
     */
    ALL_ZEROES,

    /**
     * A {@link BlockOp#FLUSH} may be left out if no write was completed since the last one that succeeded. For drivers that
     * store data and do something costly for a flush.
     */
    COUNTED_FLUSH
}
