// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.rcublk.annotation.GlobalState;

/**
 * Flushes nodes on a virtual thread of its own, so that the caller's deadline holds whatever a driver does. A flush that
 * outlives the deadline goes on, and keeps its node open until it ends.
 */
@GlobalState
final class Flusher {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean abandoned;
    private volatile String at = "";

    private Flusher() {}

    /**
     * Flushes nodes one after the other, parents first, since a parent's flush may write to its children. Nodes that
     * have left the graph meanwhile are passed over: they are flushed when they are closed.
     *
     * @throws GraphException when a flush failed (guarantee K)
     * @throws DrainTimeoutException when the deadline passed
     */
    static void flush(List<BlockNode> nodes, Deadline deadline, String change) {
        if (nodes.stream().noneMatch(n -> n.state().needsFlush())) {
            return;
        }
        Flusher flusher = new Flusher();
        Thread.ofVirtual().name("rcublk-flush").start(() -> flusher.run(nodes));
        try {
            if (!deadline.await(flusher.done)) {
                flusher.abandoned = true;
                throw new DrainTimeoutException(
                        DrainTimeoutException.Phase.FLUSH,
                        change + ": node '" + flusher.at + "' was not flushed within "
                                + deadline.patience().toMillis() + " ms; nothing was changed",
                        null);
            }
        } catch (ExecutionException e) {
            throw new GraphException(
                    change + ": node '" + flusher.at + "' could not be flushed, so nothing was changed: "
                            + e.getCause(),
                    e.getCause());
        }
    }

    /** All are retained before the first is flushed: what their descriptions own is not closed by a reopen meanwhile. */
    private void run(List<BlockNode> nodes) {
        List<BlockNode> retained = new ArrayList<>();
        try {
            for (BlockNode node : nodes) {
                if (node.state().retain()) {
                    retained.add(node);
                }
            }
            for (BlockNode node : retained) {
                if (abandoned || !flushed(node)) {
                    return;
                }
            }
            done.complete(null);
        } finally {
            retained.forEach(node -> node.state().release());
        }
    }

    private boolean flushed(BlockNode node) {
        try {
            at = node.name();
            node.state().flush(node);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
            return false;
        }
    }
}
