// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.raw;

import java.util.EnumSet;
import java.util.Set;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Edge;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * Presents its child as it is, or the window {@code [offset, offset + size)} of it. Safe on any number of IOThreads: it
 * has no mutable state, and the window is that of the request's version.
 */
public final class RawDriver extends BlockDriver {
    /** As size: to the end of the child. */
    public static final long TO_THE_END = -1;

    /**
     * The window.
     *
     * @param offset where it begins in the child, in bytes
     * @param size how long it is, or {@link #TO_THE_END}
     */
    @AnyThread
    public record Settings(long offset, long size) implements NodeSettings {
        /** Refuses a window that cannot be. */
        public Settings {
            if (offset < 0 || size < TO_THE_END) {
                throw new IllegalArgumentException("window " + offset + "+" + size);
            }
        }

        private boolean isWhole() {
            return offset == 0 && size == TO_THE_END;
        }
    }

    private final Settings opened;
    private final boolean readOnly;

    /**
     * Creates the driver. That the window lies within the child is the caller's to see to; a request that leaves the child
     * gets an error.
     *
     * @param offset where the window begins in the child, in bytes
     * @param size how long it is, or {@link #TO_THE_END}
     * @param readOnly whether writes are refused
     */
    @AnyThread
    public RawDriver(long offset, long size, boolean readOnly) {
        this.opened = new Settings(offset, size);
        this.readOnly = readOnly;
    }

    @Override
    public String driverName() {
        return "raw";
    }

    @Override
    public long size(PlanNode self) {
        Settings window = (Settings) self.settings();
        return window.size() == TO_THE_END ? Math.max(0, self.main().size() - window.offset()) : window.size();
    }

    @Override
    public NodeSettings settings() {
        return opened;
    }

    /** A window to the end goes with its child. */
    @Override
    public long childSizeFor(BlockNode self, long size) {
        Settings window = (Settings) self.settings();
        if (window.size() != TO_THE_END) {
            throw new GraphException("node '" + self.name() + "' (raw) has a fixed size: reopen it with another one, or"
                    + " without one");
        }
        if (size > Long.MAX_VALUE - window.offset()) {
            throw new GraphException("node '" + self.name() + "' (raw) cannot have " + size + " bytes at offset "
                    + window.offset() + ": choose less");
        }
        return window.offset() + size;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    /** The same bytes at another place: what the users do and share is done to and shared of the child. */
    @Override
    public Grant childGrant(BlockNode self, Edge edge, Grant above) {
        return new Grant(above.used(), above.shared().and(edge.shareLimit()));
    }

    /** Both go to the child as they are. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        if (self.readOnly() && request.op().modifies()) {
            return -Errno.EPERM;
        }
        Settings window = (Settings) self.settings();
        if (!window.isWhole() && request.op() != BlockOp.FLUSH) {
            // The node above checked against its own size, which need not be this node's.
            long room = size(self);
            if (request.offset() > room || request.length() > room - request.offset()) {
                return request.op().modifies() ? -Errno.ENOSPC : -Errno.EINVAL;
            }
            request.shift(window.offset());
        }
        return self.main().submit(request);
    }

    @Override
    public boolean needsFlush() {
        return false;
    }

    @Override
    public void flush() {
        // holds no data
    }

    @Override
    public void close() {
        // owns nothing
    }
}
