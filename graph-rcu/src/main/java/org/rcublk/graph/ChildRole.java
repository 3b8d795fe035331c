// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * What a child is for, seen from its parent. An edge has a set of these.
 *
 * <p>A node has at most one {@link #FILTERED}, one {@link #COW} and one {@link #PRIMARY} child; a child that is
 * {@link #FILTERED} or {@link #COW} stores neither data nor metadata of its parent.
 */
@AnyThread
public enum ChildRole {
    /** The parent stores guest data in the child. */
    DATA,
    /** The parent stores its own tables in the child. */
    METADATA,
    /** The parent is a filter, and this child presents the same data as the parent does. */
    FILTERED,
    /** The child holds what the parent has not been written to yet; the parent only reads it. */
    COW,
    /** The child by which the parent is named and found, the file of an image format say. */
    PRIMARY
}
