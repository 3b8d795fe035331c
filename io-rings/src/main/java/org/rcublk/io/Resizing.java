// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.io.IOException;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.NodeSettings;

/**
 * A change of a node's size that the driver has made ready: room for the larger of the two sizes is there. The caller
 * publishes the settings, and then ends this, in whichever way, once. Until then the node takes no other change of size.
 *
 * <p>So each version's size is there for as long as a request may see it (hazard H25).
 */
@GlobalState
public interface Resizing {
    /**
     * The settings with the new size.
     *
     * @return what to publish; {@link NodeSettings#close} it if that fails
     */
    NodeSettings settings();

    /**
     * After the publication, when no request sees the former size any more: gives back what a smaller node has no use for.
     *
     * @throws IOException when that failed; the node has its new size all the same
     */
    void published() throws IOException;

    /** When the settings were not published: as if nothing had been made ready. */
    void cancelled();

    /**
     * For a node that needs no room.
     *
     * @param settings the settings with the new size
     * @return one that does nothing else
     */
    static Resizing ofSettings(NodeSettings settings) {
        return new Resizing() {
            @Override
            public NodeSettings settings() {
                return settings;
            }

            @Override
            public void published() {
                // nothing to give back
            }

            @Override
            public void cancelled() {
                // nothing was made ready
            }
        };
    }
}
