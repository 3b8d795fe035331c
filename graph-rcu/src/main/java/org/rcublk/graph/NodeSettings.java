// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.io.IOException;
import org.rcublk.annotation.GlobalState;

/**
 * What a driver made of a node's options: an immutable value that belongs to one description of the node, and so to the
 * versions that hold it. A request sees the settings of the version that it was admitted on, whole (hazard H14).
 *
 * <p>Settings may own something, an open file say. {@link #close} is called once for settings that a reopen has
 * replaced, after the last request that could see them has ended; and for those of a node that is closed.
 */
public interface NodeSettings {
    /** Settings of a driver that has none. */
    NodeSettings NONE = new NodeSettings() {};

    /**
     * Releases what the settings own. Blocks; on a virtual thread.
     *
     * @throws IOException when that failed; it is logged and not tried again
     */
    @GlobalState
    default void close() throws IOException {}
}
