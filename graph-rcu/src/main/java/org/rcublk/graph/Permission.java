// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/** What a user of a node may do with it, as in QEMU. */
@AnyThread
public enum Permission {
    /** Relies on what it reads being a state that the disk once had as a whole. */
    CONSISTENT_READ(1, "consistent-read"),
    /** Changes what the node reads as. */
    WRITE(1 << 1, "write"),
    /** Writes data that the node reads as already: where it is stored changes, not what is read. */
    WRITE_UNCHANGED(1 << 2, "write-unchanged"),
    /** Changes the size. */
    RESIZE(1 << 3, "resize");

    private final int bit;
    private final String word;

    Permission(int bit, String word) {
        this.bit = bit;
        this.word = word;
    }

    /**
     * The permission's name in options and messages.
     *
     * @return such as {@code write-unchanged}
     */
    public String word() {
        return word;
    }

    int bit() {
        return bit;
    }
}
