// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.Device;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.RcuAdmission;

/** A graph of disks: each a device over four filters over a null node, so five nodes. */
final class Disks {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int FILTERS = 4;
    private static final int MOST_ROOTS = 1000;

    final LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
    final RcuAdmission admission = new RcuAdmission(live);
    final List<Device> devices = new ArrayList<>();

    /**
     * Builds the graph; of many disks only some have a device.
     *
     * @param nodes how many nodes, at least five
     * @param latencies how long a request takes at the bottom of the first disks, in nanoseconds; at once on all others
     */
    Disks(int nodes, long... latencies) {
        List<BlockNode> all = new ArrayList<>();
        int disks = Math.max(1, nodes / (FILTERS + 1));
        for (int disk = 0; disk < disks; disk++) {
            String under = bottom(disk);
            long latency = disk < latencies.length ? latencies[disk] : 0;
            all.add(BlockNode.of(under, "null-co", new NullDriver("null-co", 1L << 30, latency, false, false)));
            for (int filter = 0; filter < FILTERS; filter++) {
                String name = "f" + filter + "-" + disk;
                all.add(BlockNode.filter(name, "passthrough", new PassthroughDriver(), under));
                under = name;
            }
        }
        live.commit(new AddNodes(all), PATIENCE);
        for (int disk = 0; disk < Math.min(disks, MOST_ROOTS); disk++) {
            attach("disk" + disk, "f" + (FILTERS - 1) + "-" + disk);
        }
    }

    /** The name of a disk's null node. */
    static String bottom(int disk) {
        return "null" + disk;
    }

    Device attach(String id, String node) {
        Device device = new Device(id, admission);
        live.commit(new AttachRoot(new GraphRoot(id, node, true, device)), PATIENCE);
        devices.add(device);
        return device;
    }
}
