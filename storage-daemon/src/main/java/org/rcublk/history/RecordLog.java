// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;

/** Where a run's records go. One thread uses it, the one that opened it. */
interface RecordLog extends AutoCloseable {
    /** The number of the run. */
    int run();

    /** Whether the next record is the first of a file, and has to be whole. */
    boolean atFileStart();

    /**
     * Appends a record.
     *
     * @throws IOException when there is no room; nothing was written, and a later record may fit again
     */
    void append(long record, byte[] bytes) throws IOException;

    /** Has what was appended survive a failure of the system. */
    void force() throws IOException;

    @Override
    void close();
}
