// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.StorageWorkers;

/** A main loop, IOThreads, a graph and a server on a Unix socket. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final StorageWorkers workers = new StorageWorkers(1);
    final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    final RcuAdmission admission = new RcuAdmission(live);
    final IoThread mainLoop = new IoThread("main-loop", workers::engine).start();
    final List<IoThread> threads = new ArrayList<>();
    final UnixDomainSocketAddress address;
    final NbdServer server;

    Rig(Path folder, int ioThreads, NbdSettings settings) throws IOException {
        for (int i = 0; i < ioThreads; i++) {
            threads.add(new IoThread("iothread-" + i, workers::engine).start());
        }
        address = UnixDomainSocketAddress.of(folder.resolve("nbd.sock"));
        server = NbdServer.listen(mainLoop, address, settings);
    }

    Rig(Path folder, int ioThreads) throws IOException {
        this(folder, ioThreads, NbdSettings.DEFAULT);
    }

    /** Serves a disk under a name, on all IOThreads. */
    NbdExport export(String name, TestDisk disk, boolean writable) {
        Device device = device("root-" + name, "disk-" + name, disk, writable);
        NbdExport export = new NbdExport(
                name, device, writable, NbdExport.currentSize(live, device), "disk " + name, List.copyOf(threads));
        server.addExport(export);
        return export;
    }

    Device device(String root, String node, TestDisk disk, boolean writable) {
        Device device = new Device(root, admission);
        live.commit(AddNodes.of(BlockNode.of(node, "test-disk", disk)), PATIENCE);
        live.commit(new AttachRoot(new GraphRoot(root, node, writable, device)), PATIENCE);
        return device;
    }

    TestClient connect() throws IOException {
        return new TestClient(address);
    }

    /** A client that has chosen an export. */
    TestClient client(String export) throws IOException {
        TestClient client = connect();
        client.go(export);
        return client;
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain until " + what);
            }
            pause();
        }
    }

    /** Between two looks at a condition. */
    static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** Waits until nobody is connected, and checks that nothing is left behind. */
    void awaitNobody() {
        await("all connections are gone", () -> server.connections() == 0);
        await("all buffers are back", () -> server.bufferBytes() == 0);
    }

    @Override
    public void close() {
        server.close();
        server.drain().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        threads.forEach(IoThread::close);
        mainLoop.close();
        workers.close();
    }
}
