// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.IoThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of a server: accepts them, watches over handshakes, hands connections over, and knows when the last is
 * gone. State is confined to the main loop unless it says otherwise; calls from elsewhere go there as tasks.
 *
 * <h2>Hand-over</h2>
 * The channel's key on the main loop is cancelled first, the bytes that were read behind the last option travel with the
 * task that starts the connection, and the IOThread registers the channel with its own selector. A channel may be in two
 * selectors for the moment until the main loop selects again; a cancelled key is told of nothing.
 */
@IoThreadOnly
final class Connections implements Handshake.Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int ACCEPT_BURST = 16;
    private static final long RETRY_MILLIS = 100;

    private final IoThread mainLoop;
    private final ServerSocketChannel listening;
    private final Map<String, NbdExport> exports;
    private final NbdSettings settings;
    private final Set<Handshake> handshakes = new LinkedHashSet<>();
    private final Map<NbdExport, Set<Transmission>> transmissions = new LinkedHashMap<>();
    private final Map<IoThread, PayloadPool> pools = new ConcurrentHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();

    @ConfinedTo("the main loop")
    private @Nullable SelectionKey acceptKey;

    @ConfinedTo("the main loop")
    private long accepted;

    @ConfinedTo("the main loop")
    private @Nullable CompletableFuture<@Nullable Void> alarm; // while there are handshakes

    private volatile int count;
    private volatile boolean shuttingDown;

    /** A connection that was handed over. It exists on its own IOThread from some moment on. */
    private static final class Transmission {
        private final IoThread thread;

        @ConfinedTo("the connection's IOThread")
        private @Nullable NbdConnection connection;

        Transmission(IoThread thread) {
            this.thread = thread;
        }
    }

    /** Who waits for connections to end: those of one export, or all. */
    private record Waiter(@Nullable NbdExport export, CompletableFuture<Void> future) {}

    @AnyThread
    Connections(
            IoThread mainLoop, ServerSocketChannel listening, Map<String, NbdExport> exports, NbdSettings settings) {
        this.mainLoop = mainLoop;
        this.listening = listening;
        this.exports = exports;
        this.settings = settings;
    }

    // ---- accepting ----

    void startAccepting() {
        try {
            acceptKey = mainLoop.register(listening, SelectionKey.OP_ACCEPT, key -> accept());
        } catch (ClosedChannelException stoppedMeanwhile) {
            LOG.debug("NBD server was stopped before it listened");
        }
    }

    private void accept() {
        try {
            for (int i = 0; i < ACCEPT_BURST && room(); i++) {
                SocketChannel channel = listening.accept();
                if (channel == null) {
                    return;
                }
                begin(channel);
            }
        } catch (ClosedChannelException stopped) {
            return;
        } catch (IOException e) {
            LOG.warn("NBD server: accept failed: {}: trying again in {} ms", e.getMessage(), RETRY_MILLIS);
            interest(0);
            CompletableFuture<@Nullable Void> _ = later(RETRY_MILLIS, () -> interest(SelectionKey.OP_ACCEPT));
            return;
        }
        if (!room()) {
            interest(0); // until a connection goes
        }
    }

    private boolean room() {
        return settings.maxConnections() == 0 || count < settings.maxConnections();
    }

    private void interest(int ops) {
        SelectionKey key = acceptKey;
        if (key != null && key.isValid()) {
            key.interestOps(ops);
        }
    }

    private void begin(SocketChannel channel) throws IOException {
        String label = "NBD client " + ++accepted;
        try {
            channel.configureBlocking(false);
            if (channel.getRemoteAddress() instanceof InetSocketAddress peer) {
                label += " (" + peer.getHostString() + ":" + peer.getPort() + ")";
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        } catch (IOException goneAlready) {
            channel.close();
            return;
        }
        OptionReplies replies = new OptionReplies();
        long deadline = System.nanoTime() + settings.handshakeTimeout().toNanos();
        Handshake handshake = new Handshake(
                label, channel, new HandshakeOptions(exports, replies, () -> shuttingDown), replies, this, deadline);
        handshakes.add(handshake);
        recount();
        handshake.start(mainLoop.register(channel, SelectionKey.OP_READ, handshake));
        if (alarm == null) {
            sweep();
        }
    }

    // ---- handshakes ----

    /** Closes handshakes that take too long; they are in the order of their deadlines. */
    private void sweep() {
        long now = System.nanoTime();
        for (Handshake handshake : List.copyOf(handshakes)) {
            long left = handshake.deadlineNanos() - now;
            if (left > 0) {
                alarm = later(TimeUnit.NANOSECONDS.toMillis(left) + 1, this::sweep);
                return;
            }
            LOG.warn(
                    "{}: no export chosen within {} s: connection closed",
                    handshake.label(),
                    settings.handshakeTimeout().toMillis() / 1000.0);
            handshake.close();
        }
    }

    /**
     * Runs a task on the main loop after a while. The JDK's timer thread, which all of the process shares, hands it in.
     * Until then the timer holds on to the server: cancel what is not needed any more.
     */
    private CompletableFuture<@Nullable Void> later(long millis, Runnable task) {
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        CompletableFuture<Void> _ = due.thenRun(() -> mainLoop.execute(task));
        return due.completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
    }

    private void handshakeEnded(Handshake handshake) {
        handshakes.remove(handshake);
        CompletableFuture<@Nullable Void> pending = alarm;
        if (handshakes.isEmpty() && pending != null) {
            pending.cancel(false);
            alarm = null;
        }
    }

    @Override
    public void closed(Handshake handshake) {
        handshakeEnded(handshake);
        recount();
    }

    @Override
    public void transmit(Handshake handshake, NbdExport export, long size, ByteBuffer early, SelectionKey key) {
        handshakeEnded(handshake);
        IoThread thread = export.nextThread(mainLoop);
        Transmission transmission = new Transmission(thread);
        transmissions.computeIfAbsent(export, e -> new HashSet<>()).add(transmission);
        recount();
        NbdConnection.Setup setup = new NbdConnection.Setup(
                handshake.label(),
                handshake.channel(),
                export,
                size,
                thread,
                settings.queueDepth(),
                pools.computeIfAbsent(thread, t -> new PayloadPool()),
                () -> mainLoop.execute(() -> gone(export, transmission)));
        if (thread == mainLoop) {
            startConnection(transmission, setup, early, key);
        } else {
            key.cancel();
            thread.execute(() -> startConnection(transmission, setup, early, null));
        }
    }

    // ---- transmission ----

    /** On the connection's IOThread. */
    private static void startConnection(
            Transmission transmission, NbdConnection.Setup setup, ByteBuffer early, @Nullable SelectionKey key) {
        NbdConnection connection;
        try {
            connection = new NbdConnection(setup);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("{}: no resources for a connection, closed: {}", setup.label(), e.toString());
            closeQuietly(setup);
            setup.export().counters().connectionClosed();
            setup.whenGone().run();
            return;
        }
        transmission.connection = connection;
        connection.start(early, key);
    }

    private static void closeQuietly(NbdConnection.Setup setup) {
        try {
            setup.channel().close();
        } catch (IOException e) {
            LOG.debug("{}: closing the socket failed: {}", setup.label(), e.toString());
        }
    }

    private void gone(NbdExport export, Transmission transmission) {
        Set<Transmission> ofExport = transmissions.get(export);
        if (ofExport != null) {
            ofExport.remove(transmission);
            if (ofExport.isEmpty()) {
                transmissions.remove(export);
            }
        }
        recount();
    }

    private void recount() {
        int now = handshakes.size();
        for (Set<Transmission> ofExport : transmissions.values()) {
            now += ofExport.size();
        }
        count = now;
        if (room() && !shuttingDown) {
            interest(SelectionKey.OP_ACCEPT);
        }
        waiters.removeIf(this::told);
    }

    private boolean told(Waiter waiter) {
        boolean over = waiter.export() == null ? count == 0 : !transmissions.containsKey(waiter.export());
        return over && waiter.future().complete(null);
    }

    // ---- shutdown ----

    @AnyThread
    void stopAccepting() {
        shuttingDown = true;
    }

    /** A closed socket that a selector watches is really closed when the selector next looks: so make it look. */
    @AnyThread
    void letGoOfListener() {
        mainLoop.execute(() -> acceptKey = null);
    }

    @AnyThread
    CompletableFuture<Void> drainAll() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        mainLoop.execute(() -> {
            List.copyOf(handshakes).forEach(Handshake::close);
            transmissions.values().forEach(all -> all.forEach(Connections::drain));
            await(new Waiter(null, future));
        });
        return future;
    }

    @AnyThread
    CompletableFuture<Void> drain(NbdExport export) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        mainLoop.execute(() -> {
            transmissions.getOrDefault(export, Set.of()).forEach(Connections::drain);
            await(new Waiter(export, future));
        });
        return future;
    }

    private void await(Waiter waiter) {
        if (!told(waiter)) {
            waiters.add(waiter);
        }
    }

    @AnyThread
    void abortAll() {
        mainLoop.execute(() -> {
            List.copyOf(handshakes).forEach(Handshake::close);
            transmissions.values().forEach(all -> all.forEach(Connections::abort));
        });
    }

    /** Behind the task that starts the connection, which the main loop handed in before. */
    private static void drain(Transmission transmission) {
        transmission.thread.execute(() -> {
            NbdConnection connection = transmission.connection;
            if (connection != null) {
                connection.drain();
            }
        });
    }

    private static void abort(Transmission transmission) {
        transmission.thread.execute(() -> {
            NbdConnection connection = transmission.connection;
            if (connection != null) {
                connection.abort();
            }
        });
    }

    /** Bytes of buffers in use on all IOThreads; read racily. */
    @AnyThread
    long bufferBytes() {
        return pools.values().stream().mapToLong(PayloadPool::used).sum();
    }

    @AnyThread
    int count() {
        return count;
    }
}
