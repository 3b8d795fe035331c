// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * What a node does with a child by the roles of the edge, as in QEMU.
 *
 * <table>
 * <caption>Rules</caption>
 * <tr><th>role</th><th>uses</th><th>shares</th></tr>
 * <tr><td>FILTERED</td><td>what its users use</td><td>what its users share</td></tr>
 * <tr><td>COW</td><td>CONSISTENT_READ if its users do</td><td>CONSISTENT_READ and WRITE_UNCHANGED; WRITE and RESIZE if its
 *     users share WRITE</td></tr>
 * <tr><td>METADATA</td><td>as DATA, and always CONSISTENT_READ; WRITE and RESIZE unless the node is read-only, since tables
 *     are written even when no guest writes</td><td>as DATA, without WRITE: nobody else may touch the tables</td></tr>
 * <tr><td>DATA</td><td>what its users use; WRITE for WRITE_UNCHANGED, RESIZE for WRITE, because an image
 *     grows</td><td>what its users share, without RESIZE</td></tr>
 * </table>
 * Whatever the roles say, an edge shares no more than its {@link Edge#shareLimit}.
 */
@AnyThread
final class RolePermissions {
    private static final Permissions READ = Permissions.of(Permission.CONSISTENT_READ);
    private static final Permissions WRITE = Permissions.of(Permission.WRITE);
    private static final Permissions RESIZE = Permissions.of(Permission.RESIZE);
    private static final Permissions WRITE_AND_RESIZE = WRITE.or(RESIZE);
    private static final Permissions UNCHANGED = READ.or(Permissions.of(Permission.WRITE_UNCHANGED));

    private RolePermissions() {}

    static Grant grant(BlockNode self, Edge edge, Grant above) {
        Grant grant = byRole(self, edge, above);
        return new Grant(grant.used(), grant.shared().and(edge.shareLimit()));
    }

    private static Grant byRole(BlockNode self, Edge edge, Grant above) {
        if (edge.is(ChildRole.FILTERED)) {
            return above;
        }
        if (edge.is(ChildRole.COW)) {
            boolean sharesWrite = above.shared().has(Permission.WRITE);
            return new Grant(above.used().and(READ), sharesWrite ? UNCHANGED.or(WRITE_AND_RESIZE) : UNCHANGED);
        }
        return stored(self, edge, above);
    }

    private static Grant stored(BlockNode self, Edge edge, Grant above) {
        Permissions used = above.used();
        Permissions shared = above.shared();
        if (edge.is(ChildRole.METADATA)) {
            used = used.or(READ);
            if (!self.readOnly()) {
                used = used.or(WRITE_AND_RESIZE);
            }
            shared = shared.without(WRITE_AND_RESIZE);
        }
        if (edge.is(ChildRole.DATA)) {
            if (used.has(Permission.WRITE_UNCHANGED)) {
                used = used.or(WRITE);
            }
            if (used.has(Permission.WRITE)) {
                used = used.or(RESIZE);
            }
            shared = shared.without(RESIZE);
        }
        return new Grant(used, shared);
    }
}
