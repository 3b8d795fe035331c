// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.GraphException;

/**
 * Turns driver options into nodes, as {@code blockdev-add} describes them.
 *
 * <pre>
 * driver        the driver's name; required
 * node-name     the node's name; without it one is made up
 * file, backing a child: the name of an existing node, or a map of the child's options, which opens it inline
 * read-only     on, off                       discard        ignore, unmap
 * auto-read-only, cache.no-flush   on, off    cache.direct, detect-zeroes   off only
 *
 * null, null-co, null-aio   size (1G), latency-ns (0), read-zeroes (off)
 * memory        size, x-alignment (1; 512 to 64k), x-max-transfer (0, for no limit): what else than that the node takes is
 *               done for it by the block layer
 * file          filename, locking (auto), aio (threads, native and io_uring are all served by the storage engine in use)
 * raw           file, offset (0), size (to the end)
 * passthrough   file
 * overlay       backing, cluster-size (64k), size (that of backing), x-copy-delay-ns (0)
 * throttle      file, limits.X, limits.X-max, limits.X-max-length (1), limits.iops-size, where X is one of iops-total,
 *               iops-read, iops-write, bps-total, bps-read, bps-write: as those of QEMU's throttle-group (0 for no limit)
 * </pre>
 *
 * Keys may be dotted ({@code file.filename}) or nested. Values are text, numbers or booleans; sizes take the suffixes k, M,
 * G, T, P and E. An unknown option is an error.
 *
 * <p>An inline child belongs to its parent: it goes when the parent goes. It takes {@code read-only} and {@code discard}
 * from its parent unless it has its own; below an overlay it is read-only. As in QEMU, {@code file} ignores discards unless
 * {@code discard=unmap} is given.
 */
public final class NodeOpener {
    @AnyThread
    private NodeOpener() {}

    /**
     * Opens a node and its inline children. Blocks: it opens files.
     *
     * @param options as from JSON or a command line
     * @param graph where existing nodes are looked up; the nodes are not added to it
     * @return the nodes, to be published or closed
     * @throws OptionException if an option is wrong or a node cannot be opened: one line for the user. Nothing stays open
     */
    @GlobalState
    public static OpenedNodes open(Map<String, ? extends @Nullable Object> options, BlockGraph graph) {
        Map<String, @Nullable Object> tree = OptionTree.unfold(options);
        NodeOpening opening = new NodeOpening(graph);
        boolean done = false;
        try {
            String top = opening.open(tree, "", false, NodeOpening.Inherited.NOTHING);
            done = true;
            return new OpenedNodes(opening.opened(), top);
        } catch (GraphException e) {
            throw new OptionException(e);
        } finally {
            if (!done) {
                OpenedNodes.closeAll(opening.opened());
            }
        }
    }

    /**
     * Gives existing nodes other options, all of them or none. The options of each are complete: what is not given returns to
     * its default. {@code node-name} says which node, and {@code driver} is the one that it has. What stands for a child:
     *
     * <pre>
     * its name              the child stays; if it was described inline it takes over what it inherits
     * options               the child stays, and is given these
     * another node's name   that node becomes the child
     * null                  for backing: the child is detached
     * </pre>
     *
     * A size, a file's name and locking, and an overlay's cluster size stay as they are. If a raw window or another child gives
     * a node another size, its users have to share that, as for a resize; an export does not. Blocks: it opens files.
     *
     * @param options for each node, as from JSON or a command line
     * @param graph the current graph; it is not changed
     * @return one change, to be published or closed. It is refused when one of the nodes has been reopened meanwhile
     * @throws OptionException if an option is wrong or a file cannot be opened so: one line for the user that names the node.
     *     Nothing stays open
     */
    @GlobalState
    public static ReopenedNodes reopen(
            List<? extends Map<String, ? extends @Nullable Object>> options, BlockGraph graph) {
        NodeReopening reopening = new NodeReopening(graph);
        boolean done = false;
        try {
            for (Map<String, ? extends @Nullable Object> one : options) {
                reopening.reopen(OptionTree.unfold(one));
            }
            done = true;
            return reopening.result();
        } finally {
            if (!done) {
                ReopenedNodes.closeAll(reopening.made());
            }
        }
    }

    /**
     * The names of all drivers.
     *
     * @return sorted names
     */
    @AnyThread
    public static List<String> driverNames() {
        return OptionTree.sorted(DriverTable.names());
    }
}
