// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

/** What a storage worker runs for a request: plain blocking I/O, off the IOThread. */
public interface StorageTarget {
    /**
     * Does the request's I/O and waits for it. Called on a storage worker, which owns the request meanwhile; must not
     * complete it.
     *
     * @param request operation, offset, length and buffer
     * @return the status: 0 or a negated {@link Errno}
     */
    int perform(Request request);
}
