// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.daemon.options.ServerAddress;
import org.rcublk.driver.NodeOpener;
import org.rcublk.driver.OpenedNodes;
import org.rcublk.driver.OptionException;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.InsertFilter;
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
    private final PlanCompiler plans = new PlanCompiler();
    private final LiveGraph<PlanNode> live = new LiveGraph<>(plans);
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
        refuseUnfit(node, overlay);
        return live.commit(new AppendOverlay(node, overlay), patience);
    }

    /**
     * An overlay that is smaller than what it is put over would cut off the end of every disk above it, and one that
     * reads nothing from a backing child would hide it all.
     */
    private void refuseUnfit(String node, String overlay) {
        BlockGraph graph = live.current().graph();
        PlanNode top = plans.compile(overlay, graph);
        if (!top.driver().acceptsBacking()) {
            throw new ServiceException("node '" + overlay + "' (" + top.driver().driverName() + ") cannot be put over"
                    + " node '" + node + "': its driver takes no backing node; use one of driver overlay");
        }
        long below = plans.compile(node, graph).size();
        long above = top.size();
        boolean ownSize = graph.node(overlay).options().containsKey("size");
        if (ownSize && above < below) {
            throw new ServiceException("overlay '" + overlay + "' has " + above + " bytes and node '" + node + "' "
                    + below + ": give the overlay a size of at least as much, or none, and it takes the node's");
        }
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
        live.current()
                .graph()
                .node(node); // names the node when it does not exist; the filter's options would be blamed else
        Map<String, Object> options = new LinkedHashMap<>(filterOptions);
        options.putIfAbsent("file", node);
        OpenedNodes opened = openFilter(node, options);
        if (opened.nodes().size() != 1 || !opened.topNode().filter()) {
            opened.close();
            throw new ServiceException("driver '" + opened.topNode().driver() + "' makes no filter over node '" + node
                    + "': use a filter driver, passthrough say, with no children of its own");
        }
        return commitOrClose(new InsertFilter(node, opened.topNode()), opened, patience);
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
     * @param patience how long to wait for its requests; the root stays until they have ended
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

    /** Says where the option came from that the user perhaps did not give. */
    private OpenedNodes openFilter(String node, Map<String, Object> options) {
        try {
            return open(options);
        } catch (OptionException e) {
            throw new ServiceException("filter with node '" + node + "' as its child 'file': " + e.getMessage());
        }
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
