// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.IoThreadOnly;

/** What is kept to be run on an IOThread: a {@link Runnable} that says where. */
@FunctionalInterface
interface IoTask {
    /** Runs it, on the IOThread that it was given to. Must not block. */
    @IoThreadOnly
    void run();
}
