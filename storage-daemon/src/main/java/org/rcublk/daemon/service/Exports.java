// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.daemon.nbd.NbdExport;
import org.rcublk.daemon.nbd.NbdServer;
import org.rcublk.daemon.nbd.NbdSettings;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.daemon.options.ServerAddress;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.Device;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;

/**
 * The NBD server and what it exports. An export is a root of the graph until it is removed; detaching the root first lets
 * go what drivers hold back of its requests, so that a throttled client does not hold up the removal. Its requests that
 * were admitted end as they would have, and what they use stays open until then.
 *
 * <p>
 * Which of two calls about one id comes first is decided by the graph, which takes a root's id once, and by the map, from
 * which one call can take an export; no lock is held while anything waits. Thread-safe.
 */
@GlobalState
final class Exports {
    /** Ids stand in messages and pictures: as QEMU's, and not without end. */
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,126}");

    private final IoThreads threads;
    private final LiveGraph<PlanNode> live;
    private final RcuAdmission admission;
    private final ConcurrentSkipListMap<String, Export> exports = new ConcurrentSkipListMap<>();
    private volatile @Nullable NbdServer server;

    Exports(IoThreads threads, LiveGraph<PlanNode> live) {
        this.threads = threads;
        this.live = live;
        this.admission = new RcuAdmission(live);
    }

    synchronized SocketAddress listen(ServerAddress address, int maxConnections) throws IOException {
        if (server != null) {
            throw new ServiceException("the NBD server listens already: there is one for all exports");
        }
        NbdSettings usual = NbdSettings.DEFAULT;
        NbdServer started = NbdServer.listen(
                threads.mainLoop(),
                resolve(address),
                new NbdSettings(maxConnections, usual.handshakeTimeout(), usual.queueDepth()));
        server = started;
        return started.address();
    }

    private static SocketAddress resolve(ServerAddress address) throws IOException {
        return switch (address) {
            case ServerAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case ServerAddress.Inet inet -> {
                try {
                    yield new InetSocketAddress(InetAddress.getByName(inet.host()), inet.port());
                } catch (UnknownHostException e) {
                    throw new IOException("host '" + inet.host() + "' is not known: use an address of this machine", e);
                }
            }
        };
    }

    Collection<Export> all() {
        return exports.values();
    }

    @Nullable
    NbdServer server() {
        return server;
    }

    /** What of a wrong id fits in a message of one line. */
    private static String shown(String id) {
        String printable = id.replaceAll("[^ -~]", "?");
        return printable.length() <= 40 ? printable : printable.substring(0, 40) + "...";
    }

    void add(ExportSpec spec, Duration patience) {
        NbdServer listening = server;
        if (listening == null) {
            throw new ServiceException(
                    "export '" + spec.id() + "': there is no NBD server: start the daemon with" + " --nbd-server");
        }
        if (!ID.matcher(spec.id()).matches()) {
            throw new ServiceException("an export's id is a letter and up to 126 letters, digits, '-', '.' and '_'"
                    + " after it, not '" + shown(spec.id()) + "': choose another one");
        }
        if (exports.containsKey(spec.id())) {
            throw new ServiceException("export '" + spec.id() + "' exists already: choose another id");
        }
        Device device = new Device(spec.id(), admission);
        NbdExport nbd = describe(spec, device);
        live.commit(new AttachRoot(new GraphRoot(spec.id(), spec.nodeName(), spec.writable(), device)), patience);
        try {
            listening.addExport(nbd);
        } catch (IllegalArgumentException e) {
            detach(device, patience);
            throw new ServiceException("export '" + spec.id() + "': " + e.getMessage());
        }
        exports.put(spec.id(), new Export(spec, device, nbd));
    }

    private NbdExport describe(ExportSpec spec, Device device) {
        try {
            return new NbdExport(
                    spec.name(),
                    device,
                    spec.writable(),
                    NbdExport.currentSize(live, device),
                    spec.description(),
                    threads.find(spec.ioThreads()));
        } catch (IllegalArgumentException e) {
            throw new ServiceException("export '" + spec.id() + "': " + e.getMessage());
        }
    }

    void remove(String id, boolean evenInUse, Duration patience) {
        Export export = exports.get(id);
        if (export == null) {
            throw new ServiceException("export '" + id + "' does not exist: query-block-exports lists those that do");
        }
        long clients = export.nbd().stats().connections();
        if (clients > 0 && !evenInUse) {
            throw new ServiceException(
                    "export '" + id + "' has " + clients + " connections: end them first, or use mode hard");
        }
        NbdServer listening = server;
        if (!exports.remove(id, export) || listening == null) {
            throw new ServiceException("export '" + id + "' is being removed already");
        }
        CompletableFuture<Void> disconnected =
                listening.removeExport(export.nbd().name());
        live.commit(new DetachRoot(id), patience);
        CompletableFuture<Void> gone =
                disconnected.thenRunAsync(() -> export.device().domain().close(patience), Exports::onVirtualThread);
        try {
            gone.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ServiceException("export '" + id + "' is off, and its nodes stay open until its requests end: "
                    + InFlightLines.oldest(export.device()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Detaches all roots, which read no more requests. */
    List<Device> detachAll(Duration patience) {
        List<Device> detached = new ArrayList<>();
        for (Export export : List.copyOf(exports.values())) {
            if (exports.remove(export.spec().id(), export)) {
                live.commit(new DetachRoot(export.spec().id()), patience);
                detached.add(export.device());
            }
        }
        return detached;
    }

    private void detach(Device device, Duration patience) {
        live.commit(new DetachRoot(device.id()), patience);
        device.domain().close(patience);
    }

    private static void onVirtualThread(Runnable task) {
        Thread.ofVirtual().name("rcublk-detach").start(task);
    }
}
