// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.daemon.options.ServerAddress;
import org.rcublk.driver.NodeOpener;
import org.rcublk.driver.NodeResizing;
import org.rcublk.driver.OpenedNodes;
import org.rcublk.driver.OptionException;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.NodeState;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveNode;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;

/**
 * The storage daemon's core: the live graph, the threads that serve it, and the exports. Whatever tells it what to do
 * comes on top: options, the monitor, a benchmark.
 *
 * <h2>Threads</h2>
 * Any number of threads may call it at once, platform or virtual, but no IOThread: its methods block. Nothing is held
 * while one waits, so a change that waits for a hung request delays only what concerns the same nodes.
 *
 * <h2>Errors</h2>
 * Methods throw {@link ServiceException}, {@link org.rcublk.driver.OptionException}, {@link
 * org.rcublk.graph.GraphException} or {@link org.rcublk.graph.DrainTimeoutException}, each with one line for the user, and
 * then nothing has changed.
 */
@GlobalState
public final class BlockService implements AutoCloseable {
    /** How long a change waits when nothing else is said. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN_NANOS = 200_000;

    private final IoThreads threads;
    private final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    private final PublicationCounts counts = new PublicationCounts();
    private final Exports exports;
    private volatile boolean ending;

    /**
     * Starts the threads, with an empty graph.
     *
     * @param storageWorkers how many threads do blocking storage I/O, 1 or more
     */
    public BlockService(int storageWorkers) {
        threads = new IoThreads(storageWorkers);
        exports = new Exports(threads, live);
        live.addListener(counts);
    }

    /**
     * The graph.
     *
     * @return the live graph
     */
    @AnyThread
    public LiveGraph<PlanNode> graph() {
        return live;
    }

    /**
     * The main loop: serves the queues that no IOThread was chosen for.
     *
     * @return the thread
     */
    @AnyThread
    public IoThread mainLoop() {
        return threads.mainLoop();
    }

    /**
     * Starts an IOThread.
     *
     * @param id its id and its thread's name
     * @param pollMaxNanos how long it looks for work before it sleeps, or -1 for the usual time
     */
    public void addIoThread(String id, long pollMaxNanos) {
        threads.add(id, pollMaxNanos);
    }

    /**
     * Starts the NBD server; there is one.
     *
     * @param address where it listens
     * @param maxConnections clients at a time, 0 for any number
     * @return the address, with the port that the system chose
     * @throws IOException when the address cannot be had; the message names it
     */
    public SocketAddress listen(ServerAddress address, int maxConnections) throws IOException {
        return exports.listen(address, maxConnections);
    }

    /**
     * Opens nodes and adds them to the graph.
     *
     * @param options the driver's options, with those of inline children inside
     */
    @WaitsForGracePeriod
    public void addNodes(Map<String, Object> options) {
        OpenedNodes opened = open(options);
        commitOrClose(new AddNodes(opened.nodes()), opened, PATIENCE);
    }

    /**
     * Removes a node that nobody uses, and its inline children, and waits a moment for them to be closed, so that
     * their files are usually free when this returns.
     *
     * @param name the node's name
     */
    @WaitsForGracePeriod
    public void removeNode(String name) {
        BlockGraph graph = live.current().graph();
        List<NodeState> states = new ArrayList<>();
        graph.removedWith(name)
                .forEach(removed -> states.add(graph.node(removed).state()));
        live.commit(new RemoveNode(name), PATIENCE);
        long end = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        while (!states.stream().allMatch(NodeState::isClosed) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /**
     * Lays an overlay over a node: from then on writes go to the overlay, and the node stays as it is.
     *
     * @param node the node's name
     * @param overlay the overlay's name, a node that was added before and has no backing child
     * @param patience how long it may take
     * @return what was published
     */
    @WaitsForGracePeriod
    public Publication snapshot(String node, String overlay, Duration patience) {
        return transaction(List.of(new GraphAction.Snapshot(node, overlay)), patience);
    }

    /**
     * Inserts a filter over a node: all parents and roots of the node become the filter's.
     *
     * @param node the node's name
     * @param filterOptions the filter's options; its child is the node, and need not be given
     * @param patience how long it may take
     * @return what was published
     */
    @WaitsForGracePeriod
    public Publication insertFilter(String node, Map<String, Object> filterOptions, Duration patience) {
        return transaction(List.of(new GraphAction.InsertFilter(node, filterOptions)), patience);
    }

    /**
     * Removes a filter: all its parents and roots become its child's.
     *
     * @param name the filter's name
     * @param patience how long it may take
     * @return what was published
     */
    @WaitsForGracePeriod
    public Publication removeFilter(String name, Duration patience) {
        return live.commit(new DropFilter(name), patience);
    }

    /**
     * Does several things in one version of the graph, over any number of disks, or none of them. What the message of a
     * refusal says of an action that is one of several begins with its number, from 1.
     *
     * @param actions in their order; each sees what those before it do
     * @param patience how long it may take
     * @return what was published
     */
    @WaitsForGracePeriod
    public Publication transaction(List<? extends GraphAction> actions, Duration patience) {
        refuseWhenEnding();
        try (GraphActions all = new GraphActions(live)) {
            int number = 0;
            for (GraphAction action : actions) {
                number++;
                try {
                    all.add(action);
                } catch (ServiceException | OptionException | GraphException e) {
                    throw actions.size() == 1
                            ? e
                            : new ServiceException("action " + number + " (" + action.type() + "): " + e.getMessage());
                }
            }
            return all.commit(patience);
        }
    }

    /**
     * Gives a node another size.
     *
     * @param name the node's name; a filter, or a raw window to the end, gets it by its child's
     * @param size bytes
     * @param patience how long it may take
     * @return what was published
     * @throws IOException when the node has its new size, and its file could not be cut to it
     */
    @WaitsForGracePeriod
    public Publication resize(String name, long size, Duration patience) throws IOException {
        refuseWhenEnding();
        NodeResizing resizing = NodeResizing.prepare(name, size, live.current().graph());
        Publication publication = null;
        try {
            publication = live.commit(resizing.change(), patience);
        } finally {
            if (publication == null) {
                resizing.cancelled();
            }
        }
        resizing.published();
        return publication;
    }

    /**
     * Adds a child to a node whose driver takes any number of children, or removes one.
     *
     * @param parent the node's name
     * @param child the name of the child within the node that goes, or null
     * @param node the name of the node that becomes a child, or null; one of the two is given
     * @param patience how long it may take
     * @return what was published
     */
    @WaitsForGracePeriod
    public Publication changeChild(String parent, @Nullable String child, @Nullable String node, Duration patience) {
        return live.commit(ChildChange.of(live.current().graph(), parent, child, node), patience);
    }

    /**
     * Exports a node.
     *
     * @param spec the export
     */
    @WaitsForGracePeriod
    public void addExport(ExportSpec spec) {
        refuseWhenEnding();
        exports.add(spec, PATIENCE);
    }

    /**
     * Ends an export, its connections and its root.
     *
     * @param id the export's id
     * @param evenInUse whether to go ahead when it has connections
     * @param patience how long to wait for its requests; the root goes first, and its nodes stay open until they have ended
     */
    @WaitsForGracePeriod
    public void removeExport(String id, boolean evenInUse, Duration patience) {
        exports.remove(id, evenInUse, patience);
    }

    /**
     * The sizes of a graph's nodes, to show.
     *
     * @param graph a graph of this service, of any version
     * @return for a node, the bytes that it presents, or -1 when that is not known (any more)
     */
    @AnyThread
    public static ToLongFunction<BlockNode> sizes(BlockGraph graph) {
        PlanCompiler compiler = new PlanCompiler();
        return node -> {
            try {
                return compiler.compile(node.name(), graph).size();
            } catch (RuntimeException e) {
                return -1; // of a node that is closed by now, say
            }
        };
    }

    /**
     * The state of the service, for reports.
     *
     * @return reports of this service
     */
    @AnyThread
    public ServiceReports reports() {
        return new ServiceReports(live, exports, counts);
    }

    /**
     * Ends the service in order: no new clients, connections drained, all nodes flushed and closed, threads stopped. What
     * does not end in time is left as it is, and named.
     *
     * @param patience how long it may take
     * @return a line for each thing that was not done; empty when all was
     */
    @WaitsForGracePeriod
    public List<String> shutdown(Duration patience) {
        ending = true;
        List<String> left = new Shutdown(live, exports, patience).run();
        threads.close();
        return left;
    }

    /** Ends the service without much patience, for whoever is not interested in what is left. */
    @Override
    public void close() {
        shutdown(CLOSE_PATIENCE);
    }

    private OpenedNodes open(Map<String, Object> options) {
        refuseWhenEnding();
        return NodeOpener.open(options, live.current().graph());
    }

    private Publication commitOrClose(GraphChange change, OpenedNodes opened, Duration patience) {
        boolean published = false;
        try {
            Publication publication = live.commit(change, patience);
            published = true;
            return publication;
        } finally {
            if (!published) {
                opened.close();
            }
        }
    }

    private void refuseWhenEnding() {
        if (ending) {
            throw new ServiceException("the daemon is shutting down");
        }
    }
}
