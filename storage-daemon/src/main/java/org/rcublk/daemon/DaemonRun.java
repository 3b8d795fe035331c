// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.monitor.BlockCommands;
import org.rcublk.daemon.monitor.MonitorServer;
import org.rcublk.daemon.options.DaemonOption;
import org.rcublk.daemon.service.BlockService;
import org.rcublk.daemon.service.ServiceException;
import org.rcublk.driver.OptionException;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;
import org.rcublk.history.HistoryWriter;
import picocli.CommandLine.ExitCode;

/**
 * One run of the daemon: carries the options out, waits, and ends in order.
 *
 * <h2>The end</h2>
 * A signal runs the JVM's shutdown hooks, and the exit status would then tell of the signal. So the hook does the whole
 * orderly end itself and halts the process with the status that is ours: 0 when all was drained, flushed and closed, 1 when
 * the timeout named what was not. {@code quit} wakes the main thread, which does the same outside a hook. Whoever comes
 * first does it; the other waits for its status.
 */
final class DaemonRun {
    private final List<DaemonOption> options;
    private final @Nullable Path pidPath;
    private final @Nullable HistoryOption historyOption;
    private final Duration shutdownTimeout;
    private final BlockService service;
    private final Map<String, Path> sockets = new HashMap<>();
    private final List<MonitorServer> monitors = new ArrayList<>();
    private final CountDownLatch quit = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Integer> exitStatus = new CompletableFuture<>();
    private volatile @Nullable PidFile pidFile;
    private volatile @Nullable HistoryWriter history;

    DaemonRun(
            List<DaemonOption> options,
            int storageWorkers,
            @Nullable Path pidPath,
            @Nullable HistoryOption historyOption,
            Duration shutdownTimeout) {
        this.options = options;
        this.pidPath = pidPath;
        this.historyOption = historyOption;
        this.shutdownTimeout = shutdownTimeout;
        this.service = new BlockService(storageWorkers);
    }

    /** Runs until the daemon was asked to end; the exit status. */
    int run() {
        Thread hook = new Thread(this::endBySignal, "rcublk-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        int status = ExitCode.OK;
        try {
            serve();
        } catch (IOException
                | OptionException
                | GraphException
                | DrainTimeoutException
                | ServiceException
                | InvalidPathException e) {
            if (!ending.get()) {
                Console.error(String.valueOf(e.getMessage()));
            }
            status = ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int ended = end(status);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return ended; // a signal came at last: the hook halts with the same status
        }
        return ended;
    }

    private void serve() throws IOException, InterruptedException {
        if (historyOption != null) {
            history = historyOption.open(service); // before the first change
        }
        for (DaemonOption option : options) {
            carryOut(option);
        }
        if (pidPath != null) {
            pidFile = PidFile.write(pidPath);
        }
        quit.await();
    }

    private void carryOut(DaemonOption option) throws IOException {
        switch (option) {
            case DaemonOption.IoThreadOption thread -> service.addIoThread(thread.id(), thread.pollMaxNanos());
            case DaemonOption.Blockdev nodes -> service.addNodes(nodes.options());
            case DaemonOption.NbdServerOption server -> {
                SocketAddress address = service.listen(server.address(), server.maxConnections());
                if (address instanceof InetSocketAddress inet) {
                    Console.info("NBD server listens on " + inet.getHostString() + " port " + inet.getPort());
                }
            }
            case DaemonOption.Export export -> service.addExport(export.spec());
            case DaemonOption.Chardev chardev -> sockets.put(chardev.id(), Path.of(chardev.path()));
            case DaemonOption.Monitor monitor -> startMonitor(monitor);
        }
    }

    private void startMonitor(DaemonOption.Monitor monitor) throws IOException {
        Path path = sockets.get(monitor.chardev());
        if (path == null) {
            throw new IllegalStateException("options named chardev " + monitor.chardev()); // they are checked
        }
        synchronized (monitors) {
            monitors.add(BlockCommands.listen(path, service, quit::countDown));
        }
    }

    @SuppressWarnings("SystemExitOutsideMain") // a shutdown hook cannot choose the status in any other way
    private void endBySignal() {
        Runtime.getRuntime().halt(end(ExitCode.OK));
    }

    /** Ends in order, once; a second caller waits for the first. The exit status, the given one unless the end failed. */
    private int end(int status) {
        if (ending.compareAndSet(false, true)) {
            int reached = ExitCode.SOFTWARE;
            try {
                reached = endOnce() ? status : ExitCode.SOFTWARE;
            } finally {
                exitStatus.complete(reached);
            }
        }
        return exitStatus.join();
    }

    private boolean endOnce() {
        List<String> left = service.shutdown(shutdownTimeout);
        left.forEach(line -> Console.error("not ended: " + line));
        synchronized (monitors) {
            monitors.forEach(MonitorServer::close);
        }
        HistoryWriter kept = history;
        if (kept != null) {
            kept.close();
        }
        PidFile written = pidFile;
        if (written != null) {
            written.close();
        }
        return left.isEmpty();
    }
}
