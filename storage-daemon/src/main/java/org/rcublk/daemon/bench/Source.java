// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import org.jspecify.annotations.Nullable;

/** Which requests a job makes, and whether what they read is right. Confined to the job's thread. */
public interface Source {
    /**
     * Fills in the next request.
     *
     * @param slot a free slot
     * @return false if there is no request any more, ever
     */
    boolean next(Slot slot);

    /**
     * Looks at a completed request.
     *
     * @param slot the request
     * @param status 0 or a negated {@link org.rcublk.io.Errno}
     * @return what is wrong with the data, or null
     */
    @Nullable
    String completed(Slot slot, int status);
}
