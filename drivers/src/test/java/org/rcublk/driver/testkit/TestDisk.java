// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rcublk.driver.NodeOpener;
import org.rcublk.driver.NodeResizing;
import org.rcublk.driver.OpenedNodes;
import org.rcublk.driver.ReopenedNodes;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.RootKind;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.StorageWorkers;

/** A live graph with IOThreads, storage workers and one device, for tests: production classes throughout. */
public final class TestDisk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StorageWorkers workers = new StorageWorkers(2);
    private final List<IoThread> threads = new ArrayList<>();
    private final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    private final RcuAdmission admission = new RcuAdmission(live);
    private Device device = new Device("disk", admission);

    private TestDisk(int ioThreads) {
        for (int i = 0; i < ioThreads; i++) {
            threads.add(new IoThread("io-" + i, workers::engine).start());
        }
    }

    /** A disk with no node yet. */
    public static TestDisk empty(int ioThreads) {
        return new TestDisk(ioThreads);
    }

    /** A writable disk on the node that the options describe. */
    public static TestDisk of(int ioThreads, Map<String, Object> options) {
        TestDisk disk = new TestDisk(ioThreads);
        try {
            disk.attach(disk.add(options), true);
            return disk;
        } catch (RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /** Opens and publishes nodes; their top's name. */
    public String add(Map<String, Object> options) {
        OpenedNodes opened = NodeOpener.open(options, live.current().graph());
        try {
            commit(new AddNodes(opened.nodes()));
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        return opened.top();
    }

    public void add(BlockNode... nodes) {
        commit(AddNodes.of(nodes));
    }

    public void attach(String node, boolean writable) {
        commit(new AttachRoot(new GraphRoot("disk", node, writable, device)));
    }

    /** A second disk, say; detach it before the end. */
    public Device attach(String id, String node, Grant grant) {
        Device other = new Device(id, admission);
        commit(new AttachRoot(new GraphRoot(id, node, RootKind.DEVICE, grant, other)));
        return other;
    }

    public DiskClient client(Device of, int ioThread) {
        return new DiskClient(of, threads.get(ioThread), 64);
    }

    public void reopen(Map<String, Object> options) {
        reopen(List.of(options));
    }

    /** Gives nodes other options, or leaves all as they are. */
    public void reopen(List<Map<String, Object>> options) {
        ReopenedNodes reopened = NodeOpener.reopen(options, live.current().graph());
        boolean done = false;
        try {
            commit(reopened.change());
            done = true;
        } finally {
            if (!done) {
                reopened.close();
            }
        }
    }

    public void resize(String node, long size) throws IOException {
        NodeResizing resizing = NodeResizing.prepare(node, size, live.current().graph());
        boolean done = false;
        try {
            commit(resizing.change());
            done = true;
        } finally {
            if (!done) {
                resizing.cancelled();
            }
        }
        resizing.published();
    }

    public long size(String node) {
        return new PlanCompiler().compile(node, live.current().graph()).size();
    }

    public void commit(GraphChange change) {
        live.commit(change, PATIENCE);
    }

    public LiveGraph<PlanNode> live() {
        return live;
    }

    public Device device() {
        return device;
    }

    public IoThread thread(int index) {
        return threads.get(index);
    }

    /** The identity of a node. */
    public <T> T state(String node, Class<T> type) {
        return type.cast(live.current().graph().node(node).state());
    }

    public DiskClient client(int ioThread) {
        return client(ioThread, 64);
    }

    public DiskClient client(int ioThread, int depth) {
        return new DiskClient(device, threads.get(ioThread), depth);
    }

    /** A client of another root. */
    public DiskClient client(Device of, int ioThread, int depth) {
        return new DiskClient(of, threads.get(ioThread), depth);
    }

    /** Another writable root. */
    public Device attach(String id, String node) {
        Device root = new Device(id, admission);
        commit(new AttachRoot(new GraphRoot(id, node, true, root)));
        return root;
    }

    /** Takes the root off and every node out, and waits until all are closed; the device is a new one then. */
    public void clear() {
        if (live.current().graph().findRoot("disk") != null) {
            commit(new DetachRoot("disk"));
        }
        while (!live.current().graph().nodes().isEmpty()) {
            Set<String> unused = new HashSet<>();
            live.current().graph().nodes().keySet().forEach(name -> {
                if (live.current().graph().parents(name).isEmpty()) {
                    unused.add(name);
                }
            });
            for (String name : unused) {
                if (live.current().graph().find(name) != null) {
                    commit(new RemoveNode(name));
                }
            }
        }
        assertTrue(live.awaitClosed(PATIENCE), "a node was not closed");
        device.domain().close();
        renewDevice();
    }

    /** After the root was detached: a device is attached only once. */
    public void renewDevice() {
        device = new Device("disk", admission);
    }

    @Override
    public void close() {
        try {
            clear();
        } finally {
            abandon();
        }
    }

    /** Stops all threads and closes nothing: for disks on which a request hangs for good. */
    public void abandon() {
        threads.forEach(IoThread::close);
        workers.close();
    }
}
