// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.nbd.NbdServer;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InFlight;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RemoveNode;
import org.rcublk.io.Device;
import org.rcublk.io.PlanNode;

/**
 * The orderly end. First no new clients and no new requests, then the requests that are under way, then flushes, and the
 * nodes last: so that what a client was told is durable when a node is closed. All within one deadline; what misses it is
 * named. Used once.
 *
 * <p>Requests get a moment to end with all that is theirs. Then the roots are detached, which lets go what a throttle
 * holds back; what waits at a gate even then is refused.
 */
final class Shutdown {
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final LiveGraph<PlanNode> live;
    private final Exports exports;
    private final Duration patience;
    private final long end;
    private final List<String> left = new ArrayList<>();

    Shutdown(LiveGraph<PlanNode> live, Exports exports, Duration patience) {
        this.live = live;
        this.exports = exports;
        this.patience = patience;
        this.end = System.nanoTime() + patience.toNanos();
    }

    /** Does it; a line for each thing that was not done. */
    List<String> run() {
        NbdServer server = exports.server();
        try {
            CompletableFuture<Void> disconnected =
                    server == null ? CompletableFuture.completedFuture(null) : server.drain();
            boolean quiet = ended(disconnected, shorter(MOMENT, remaining()));
            List<Device> detached = exports.detachAll(remaining());
            if (server != null && !quiet && !ended(disconnected, remaining())) {
                nameRequests(server, detached);
                server.close();
                return left;
            }
            flushAll();
            removeAll();
            if (!live.awaitClosed(remaining())) {
                left.add(live.retiredNotClosed() + " nodes were not closed within " + seconds());
            }
            detached.forEach(device -> device.domain().close(remaining()));
        } catch (DrainTimeoutException | GraphException e) {
            left.add(String.valueOf(e.getMessage()));
        }
        return left;
    }

    private void nameRequests(NbdServer server, List<Device> devices) {
        for (Device device : devices) {
            for (InFlight request : device.inFlight()) {
                left.add(request.describe());
            }
        }
        if (left.isEmpty()) {
            left.add(server.connections() + " connections did not end within " + seconds());
        }
    }

    /** Flushes on another thread, so that one dead disk does not outlast the deadline. */
    private void flushAll() {
        BlockGraph graph = live.current().graph();
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<String> failed = new ArrayList<>();
        Thread.ofVirtual().name("rcublk-last-flush").start(() -> {
            for (BlockNode node : parentsFirst(graph)) {
                flush(node, failed);
            }
            done.complete(null);
        });
        if (ended(done, remaining())) {
            left.addAll(failed);
        } else {
            left.add("the last flush did not end within " + seconds());
        }
    }

    private static void flush(BlockNode node, List<String> failed) {
        try {
            if (!node.readOnly()) {
                node.state().flush(node);
            }
        } catch (IOException | RuntimeException e) {
            failed.add("node '" + node.name() + "' could not be flushed: " + e.getMessage());
        }
    }

    private static List<BlockNode> parentsFirst(BlockGraph graph) {
        List<BlockNode> order = new ArrayList<>();
        BlockGraph rest = graph;
        for (BlockNode next = unused(rest); next != null; next = unused(rest)) {
            BlockGraph before = rest;
            rest.removedWith(next.name()).forEach(name -> order.add(before.node(name)));
            rest = rest.removeNode(next.name());
        }
        return order;
    }

    private void removeAll() {
        for (BlockNode next = unused(live.current().graph());
                next != null;
                next = unused(live.current().graph())) {
            live.commit(new RemoveNode(next.name()), remaining());
        }
    }

    private static @Nullable BlockNode unused(BlockGraph graph) {
        return graph.nodes()
                .values()
                .find(node -> graph.parents(node.name()).isEmpty()
                        && graph.rootsOn(node.name()).isEmpty())
                .getOrNull();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean ended(Future<?> future, Duration within) {
        try {
            future.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            left.add(String.valueOf(e.getCause()));
            return true;
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private String seconds() {
        return "the " + patience.toMillis() + " ms of the shutdown timeout";
    }
}
