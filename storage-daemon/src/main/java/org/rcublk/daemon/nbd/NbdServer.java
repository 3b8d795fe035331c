// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.io.IoThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An NBD server: one listening socket and any number of exports. It has no thread of its own. Clients are accepted and
 * shake hands on the main loop; then each connection runs on an IOThread of its export for life.
 *
 * <p>To shut down: {@link #stopAccepting}, then {@link #drain} and wait for its future as long as patience lasts, then
 * {@link #close}, which closes what is left at once. IOThreads and the main loop must run until then.
 */
@AnyThread
public final class NbdServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
    private static final int BACKLOG = 128;

    private final NbdListener listener;
    private final ConcurrentSkipListMap<String, NbdExport> exports = new ConcurrentSkipListMap<>();
    private final Connections connections;

    private NbdServer(NbdListener listener, IoThread mainLoop, NbdSettings settings) {
        this.listener = listener;
        this.connections = new Connections(mainLoop, listener.channel(), exports, settings);
    }

    /**
     * Listens. Exports may be added before or after; a client that comes before sees none.
     *
     * @param mainLoop accepts, and runs handshakes and the connections of exports without IOThreads
     * @param address a TCP address (port 0 for any), or a Unix domain socket; a stale socket file is replaced
     * @param settings limits
     * @return the server
     * @throws IOException if the address cannot be had; one line that names it and the mend
     */
    @GlobalState
    public static NbdServer listen(IoThread mainLoop, SocketAddress address, NbdSettings settings) throws IOException {
        NbdListener listener = NbdListener.bind(address, BACKLOG);
        NbdServer server = new NbdServer(listener, mainLoop, settings);
        mainLoop.execute(server.connections::startAccepting);
        return server;
    }

    /**
     * Where the server listens.
     *
     * @return the address, with the real port
     */
    @AnyThread
    public SocketAddress address() {
        return listener.address();
    }

    /**
     * Offers an export.
     *
     * @param export the export
     * @throws IllegalArgumentException if the name is taken
     */
    @AnyThread
    public void addExport(NbdExport export) {
        if (exports.putIfAbsent(export.name(), export) != null) {
            throw new IllegalArgumentException(
                    "NBD server: there is an export '" + export.name() + "' already: choose another name");
        }
    }

    /**
     * Takes an export off: no new client gets it, and its connections are drained.
     *
     * @param name the export's name
     * @return completes on the main loop when the last of its connections is gone; at once if there is no such export
     */
    @AnyThread
    public CompletableFuture<Void> removeExport(String name) {
        NbdExport export = exports.remove(name);
        return export == null ? CompletableFuture.completedFuture(null) : connections.drain(export);
    }

    /**
     * The exports on offer.
     *
     * @return a snapshot, by name
     */
    @AnyThread
    public List<NbdExport> exports() {
        return List.copyOf(exports.values());
    }

    /**
     * Closes the listening socket and removes a Unix socket's file. Handshakes that are under way are refused: options
     * are answered with the protocol's shutdown error. Connections go on.
     */
    @GlobalState
    public void stopAccepting() {
        connections.stopAccepting();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("NBD server: removing the socket of {} failed: {}", listener.address(), e.toString());
        }
        connections.letGoOfListener();
    }

    /**
     * Lets every connection finish: no new request is read, those under way are answered, then it is closed. Implies
     * {@link #stopAccepting}.
     *
     * @return completes on the main loop when the last connection is gone, requests and buffers included; it does not
     *     complete while a request does not
     */
    @GlobalState
    public CompletableFuture<Void> drain() {
        stopAccepting();
        return connections.drainAll();
    }

    /**
     * Closes every socket at once, without waiting. A connection whose requests are stuck in a driver stays counted, and
     * keeps its buffers, until they end. The future of {@link #drain} tells when all are gone.
     */
    @Override
    @GlobalState
    public void close() {
        stopAccepting();
        connections.abortAll();
    }

    /**
     * Connections now: those in the handshake, and those in the transmission until their last request has ended.
     *
     * @return an estimate
     */
    @AnyThread
    public int connections() {
        return connections.count();
    }

    /** Bytes of buffers in use: input, output and payloads. 0 when no connection is left, or something leaks. */
    @AnyThread
    long bufferBytes() {
        return connections.bufferBytes();
    }
}
