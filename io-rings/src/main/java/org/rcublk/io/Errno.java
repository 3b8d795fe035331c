// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;

/**
 * Error numbers that requests complete with, negated, as in Linux. 0 is success. They travel to NBD and virtio clients,
 * which is why they are numbers and not exceptions.
 */
@AnyThread
public final class Errno {
    /** Operation not permitted: a write to something read-only. */
    public static final int EPERM = 1;

    /** Input/output error. */
    public static final int EIO = 5;

    /** Out of memory. */
    public static final int ENOMEM = 12;

    /** Invalid argument: alignment, flags, a range past the end of a read. */
    public static final int EINVAL = 22;

    /** No space left, also a write past the end. */
    public static final int ENOSPC = 28;

    /** Value too large: the request is longer than the limit. */
    public static final int EOVERFLOW = 75;

    /** Operation not supported. */
    public static final int ENOTSUP = 95;

    /** The device is gone or going: its root was detached, or the queue is closing. */
    public static final int ESHUTDOWN = 108;

    private Errno() {}

    /**
     * A name for messages.
     *
     * @param status a request's status: 0 or a negated error number
     * @return "ok", or the error's symbolic name
     */
    public static String name(int status) {
        return switch (-status) {
            case 0 -> "ok";
            case EPERM -> "EPERM";
            case EIO -> "EIO";
            case ENOMEM -> "ENOMEM";
            case EINVAL -> "EINVAL";
            case ENOSPC -> "ENOSPC";
            case EOVERFLOW -> "EOVERFLOW";
            case ENOTSUP -> "ENOTSUP";
            case ESHUTDOWN -> "ESHUTDOWN";
            default -> "errno " + -status;
        };
    }
}
