// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/** What a root of the graph is. */
@AnyThread
public enum RootKind {
    /** A server's disk for its clients. */
    EXPORT,
    /** A background job's hold on a node. */
    JOB,
    /** A guest's disk, or that of a program which is linked with this library. */
    DEVICE
}
