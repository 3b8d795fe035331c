// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a Unix socket and serves each client on a virtual thread of its own, so that a command that waits, for a
 * drain say, keeps no other client waiting. All methods may be called on any thread that may block.
 */
public final class MonitorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorServer.class);
    private static final int MAX_CLIENTS = 64;

    private final SocketFile file;
    private final ServerSocketChannel server;
    private final Map<String, Command> commands;
    private final Runnable quit;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MAX_CLIENTS);

    private MonitorServer(SocketFile file, ServerSocketChannel server, Map<String, Command> commands, Runnable quit) {
        this.file = file;
        this.server = server;
        this.commands = ProtocolCommands.with(commands);
        this.quit = quit;
    }

    /**
     * Starts to listen.
     *
     * @param path the socket's path; a socket that nobody listens on any more is replaced
     * @param commands what clients may do, by name
     * @param quit called when a client wants the daemon to end; must not wait for the monitor to close
     * @return the server
     * @throws IOException when the socket could not be made; the message names the path and the mend
     */
    static MonitorServer listen(Path path, Map<String, Command> commands, Runnable quit) throws IOException {
        SocketFile file = SocketFile.claim(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw new IOException("cannot listen on '" + path + "': " + e.getMessage(), e);
        }
        file.created();
        MonitorServer monitor = new MonitorServer(file, server, commands, quit);
        Thread.ofVirtual().name("rcublk-monitor").start(monitor::acceptAll);
        return monitor;
    }

    /** Stops listening, removes the socket and hangs up on the clients. A command under way goes on to its end. */
    @Override
    public void close() {
        closeQuietly(server);
        file.remove();
        clients.forEach(MonitorServer::closeQuietly);
    }

    private void acceptAll() {
        try {
            while (true) {
                places.acquireUninterruptibly();
                SocketChannel client = server.accept();
                clients.add(client);
                Thread.ofVirtual().name("rcublk-monitor-client").start(() -> serve(client));
            }
        } catch (ClosedChannelException e) {
            clients.forEach(MonitorServer::closeQuietly); // one that was accepted while close() went through the others
        } catch (IOException e) {
            LOG.error("monitor: no more clients are accepted: {}", e.getMessage());
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            new QmpConnection(Channels.newInputStream(client), Channels.newOutputStream(client), commands, quit)
                    .serve();
        } catch (IOException e) {
            LOG.debug("monitor: a client is gone: {}", e.getMessage());
        } finally {
            clients.remove(client);
            places.release();
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.debug("monitor: close: {}", e.getMessage());
        }
    }
}
