// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jmh.graph;

import io.vavr.collection.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.NodeSettings;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.Reopen;

/**
 * Publishes a change of one node in graphs of several sizes, while no I/O runs. To be read as medians: a mean is of the
 * collector's pauses too.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Publish {
    /** How many nodes the graph has. */
    @Param({"10", "1000", "100000"})
    public int nodes;

    private Disks disks = new Disks(0);
    private long count;

    @Setup
    public void build() {
        disks = new Disks(nodes);
    }

    @TearDown
    public void end() {
        disks.live.awaitClosed(Disks.PATIENCE);
    }

    /** Gives a node at the bottom of a disk other options, and the settings that it has: gate, drain, publish. */
    @Benchmark
    public long reopen() {
        NodeSettings settings =
                disks.live.current().graph().node(Disks.bottom(0)).settings();
        Reopen.Reopened options = new Reopen.Reopened(Disks.bottom(0), HashMap.of("n", count++), settings, false);
        return disks.live.commit(new Reopen(List.of(options)), Disks.PATIENCE).version();
    }

    /** Puts a filter over a node and takes it out again: two changes, each with gate and drain. */
    @Benchmark
    public long insertAndDropFilter() {
        String name = "x" + count++;
        BlockNode filter = BlockNode.filter(name, "passthrough", new PassthroughDriver(), Disks.bottom(0));
        disks.live.commit(new InsertFilter(Disks.bottom(0), filter), Disks.PATIENCE);
        return disks.live.commit(new DropFilter(name), Disks.PATIENCE).version();
    }

    /** Adds a node and removes it: two changes that requests may straddle. */
    @Benchmark
    public long addAndRemoveNode() {
        String name = "x" + count++;
        BlockNode node = BlockNode.of(name, "null-co", new NullDriver("null-co", 1L << 30, 0, false, false));
        disks.live.commit(AddNodes.of(node), Disks.PATIENCE);
        return disks.live.commit(new RemoveNode(name), Disks.PATIENCE).version();
    }
}
