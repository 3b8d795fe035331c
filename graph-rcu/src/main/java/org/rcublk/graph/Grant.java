// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * What one user of a node does with it, and what it lets the node's other users do. The user is a root or an edge of a
 * parent. A value; safe on any thread.
 *
 * <p>Two users of a node conflict when one uses what the other does not share; see {@link BlockGraph}.
 *
 * @param used what the user itself does
 * @param shared what others may do at the same time
 */
@AnyThread
public record Grant(Permissions used, Permissions shared) {
    /** Uses nothing and puts up with everything: a node that nobody uses. */
    public static final Grant NONE = new Grant(Permissions.NONE, Permissions.ALL);

    private static final Permissions ALL_BUT_RESIZE = Permissions.ALL.without(Permissions.of(Permission.RESIZE));

    /**
     * What an export uses: it reads, and writes if it is writable; others may do anything but resize the disk, whose size
     * its clients know.
     *
     * @param writable whether clients may write
     * @return the grant
     */
    public static Grant export(boolean writable) {
        Permissions used = Permissions.of(Permission.CONSISTENT_READ);
        return new Grant(writable ? used.or(Permissions.of(Permission.WRITE)) : used, ALL_BUT_RESIZE);
    }

    /**
     * What a guest's disk uses: as an export, but nobody else may write to it.
     *
     * @param writable whether the guest may write
     * @return the grant
     */
    public static Grant device(boolean writable) {
        return new Grant(
                export(writable).used(), Permissions.of(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED));
    }

    /** What both users together do and put up with. */
    Grant and(Grant other) {
        return new Grant(used.or(other.used), shared.and(other.shared));
    }
}
