// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.IoThreadOnly;

/** What is looked at when a root request has been admitted, so that no driver below needs to. */
@IoThreadOnly
final class RootChecks {
    private RootChecks() {}

    /** 0, or a negated {@link Errno}. */
    static int refusal(Request request, PlanNode top) {
        if (request.op == BlockOp.FLUSH) {
            return 0;
        }
        boolean modifies = request.op.modifies();
        if (modifies && !request.writable()) {
            return -Errno.EPERM;
        }
        long end = request.offset + request.length;
        if (request.offset < 0 || request.length < 0 || end < 0) {
            return -Errno.EINVAL;
        }
        if (end > top.size()) {
            return modifies ? -Errno.ENOSPC : -Errno.EINVAL;
        }
        if (request.op.hasPayload()
                && (request.buffer == null || request.bufferOffset + request.length > request.buffer.capacity())) {
            return -Errno.EOVERFLOW;
        }
        return 0;
    }
}
