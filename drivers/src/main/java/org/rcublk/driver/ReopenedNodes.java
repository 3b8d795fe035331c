// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.NodeSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other options for nodes of a graph, checked and opened. Publish the change; the graph owns the settings then, and closes
 * what they replace. If that fails they are still the caller's: {@link #close} them.
 *
 * @param change all of it as one change
 * @param settings what has been opened for it
 */
@AnyThread
public record ReopenedNodes(GraphChange change, List<NodeSettings> settings) {
    private static final Logger LOG = LoggerFactory.getLogger(ReopenedNodes.class);

    /** Copies the list. */
    public ReopenedNodes {
        settings = List.copyOf(settings);
    }

    /** Closes what has been opened. Only for a change that was not published; a failure is logged. */
    @GlobalState
    public void close() {
        closeAll(settings);
    }

    /**
     * Closes those that a published graph does not have; a failure is logged.
     *
     * @param owned whether settings are the graph's
     */
    @GlobalState
    public void closeUnless(Predicate<Object> owned) {
        closeAll(settings.stream().filter(s -> !owned.test(s)).toList());
    }

    @GlobalState
    static void closeAll(List<NodeSettings> settings) {
        for (NodeSettings one : settings) {
            try {
                one.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("what was opened for a reopen could not be closed: {}", e.getMessage());
            }
        }
    }
}
