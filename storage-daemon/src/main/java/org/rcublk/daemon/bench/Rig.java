// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.NodeState;
import org.rcublk.graph.Publication;
import org.rcublk.graph.RemoveNode;
import org.rcublk.io.Admission;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.QueueMapping;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.StorageWorkers;
import org.rcublk.io.Virtqueue;

/**
 * A graph in service: one device on a target, its IOThreads, and storage workers. Opened and closed by one thread.
 *
 * <p>Without IOThreads ({@link QueueMapping#none}) there is one main-loop thread that serves every queue.
 */
public final class Rig implements AutoCloseable {
    /** The id of the device, as a root of the graph. */
    public static final String DEVICE = "drive0";

    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(1);

    private final Admission admission;
    private final QueueMapping mapping;
    private final StorageWorkers workers;
    private final List<IoThread> threads = new ArrayList<>();
    private final Device device;
    private long version;

    private Rig(Admission admission, QueueMapping mapping, int workerCount) {
        this.admission = admission;
        this.mapping = mapping;
        this.workers = new StorageWorkers(workerCount);
        this.device = new Device(DEVICE, admission);
    }

    /**
     * Puts a target into service.
     *
     * @param admission the design, with an empty graph
     * @param target what the device sits on; closed if this fails
     * @param mapping which queue runs on which IOThread
     * @param queues how many queues there will be
     * @param workerCount how many storage workers
     * @return the rig, to be closed
     */
    public static Rig open(Admission admission, Target target, QueueMapping mapping, int queues, int workerCount) {
        Rig rig = new Rig(admission, mapping, workerCount);
        boolean done = false;
        try {
            rig.publish(new AddNodes(target.nodes()));
            done = true;
            rig.publish(new AttachRoot(new GraphRoot(DEVICE, target.top(), target.writable(), rig.device)));
            rig.startThreads(queues);
            return rig;
        } catch (RuntimeException e) {
            if (!done) {
                closeUnused(target);
            }
            rig.close();
            throw e;
        }
    }

    private static void closeUnused(Target target) {
        for (BlockNode node : target.nodes()) {
            try {
                node.state().close();
            } catch (IOException e) {
                throw new BenchException("node '" + node.name() + "' cannot be closed: " + e.getMessage(), e);
            }
        }
    }

    private void startThreads(int queues) {
        int count = mapping.threadsFor(queues);
        if (count == 0) {
            threads.add(new IoThread("main-loop", workers::engine).start());
        }
        for (int i = 0; i < count; i++) {
            threads.add(new IoThread("iothread" + i, workers::engine).start());
        }
    }

    private void publish(GraphChange change) {
        Publication publication = admission.change(change, PATIENCE);
        version = publication.version();
    }

    /** Opens the queue of a job on its IOThread. */
    Virtqueue openQueue(int job, int depth, Runnable onCompletions) {
        return device.openQueue(threads.get(Math.max(0, mapping.threadOf(job))), depth, onCompletions);
    }

    /**
     * The design.
     *
     * @return what the device's requests are admitted by
     */
    public Admission admission() {
        return admission;
    }

    /**
     * The device.
     *
     * @return the one root of the graph
     */
    public Device device() {
        return device;
    }

    /** The version that put the device into service. */
    long firstVersion() {
        return version;
    }

    /** Takes the device out of service, closes what it sat on, and stops all threads. */
    @Override
    public void close() {
        try {
            takeDown();
        } finally {
            threads.forEach(IoThread::close);
            workers.close();
        }
    }

    private void takeDown() {
        if (!device.queues().isEmpty()) {
            return; // a load whose requests hang kept its queues: nothing can be closed under them
        }
        BlockGraph graph = admission.graph();
        List<NodeState> states = graph.nodes().values().map(BlockNode::state).toJavaList();
        if (graph.findRoot(DEVICE) != null) {
            publish(new DetachRoot(DEVICE));
        }
        while (!admission.graph().nodes().isEmpty()) {
            publish(new RemoveNode(unused(admission.graph())));
        }
        awaitClosed(states);
        device.domain().close(Duration.ofSeconds(1));
    }

    /** A node that nobody uses: a graph without roots has one, since it has no cycle. */
    private static String unused(BlockGraph graph) {
        return graph.nodes()
                .keySet()
                .find(name -> graph.parents(name).isEmpty())
                .getOrElseThrow(() -> new IllegalStateException("every node has a parent"));
    }

    private void awaitClosed(List<NodeState> states) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        if (admission instanceof RcuAdmission rcu && !rcu.live().awaitClosed(PATIENCE)) {
            throw new BenchException(rcu.live().retiredNotClosed() + " nodes were not closed within "
                    + PATIENCE.toSeconds() + " s: a request on them does not complete");
        }
        while (!states.stream().allMatch(NodeState::isClosed) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }
}
