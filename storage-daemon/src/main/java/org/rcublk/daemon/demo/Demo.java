// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.demo;

import io.vavr.collection.HashSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.rcublk.daemon.bench.BenchReport;
import org.rcublk.daemon.bench.GraphChanger;
import org.rcublk.daemon.bench.LoadGenerator;
import org.rcublk.daemon.bench.LoadResult;
import org.rcublk.daemon.bench.LoadSpec;
import org.rcublk.daemon.bench.MixedSource;
import org.rcublk.daemon.bench.Progress;
import org.rcublk.daemon.bench.Rig;
import org.rcublk.daemon.bench.Source;
import org.rcublk.daemon.bench.StampedDisk;
import org.rcublk.daemon.bench.StampedSource;
import org.rcublk.daemon.bench.Stamps;
import org.rcublk.daemon.bench.Target;
import org.rcublk.driver.raw.RawDriver;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.PlanNode;
import org.rcublk.io.QueueMapping;
import org.rcublk.io.RcuAdmission;
import org.rcublk.io.StorageWorkers;

/**
 * The demo: three mappings of queues to IOThreads on one image, then a verified load while the graph changes, drawings of
 * the graph, and a read-back of everything.
 */
final class Demo {
    private static final int QUEUES = 8;
    private static final int DEPTH = 16;
    private static final int CHANGES_A_SECOND = 50;
    private static final int SNAPSHOTS = 3;
    private static final int WRITE_PERCENT = 50;
    private static final String DISK = "disk";

    /** Half in the written part of the image, half in its hole; small, since overlays hold it in memory. */
    private static final int VERIFIED_BLOCKS = (32 << 20) / DemoImage.BLOCK;

    private static final Duration NO_LIMIT = Duration.ofHours(1);

    private final PrintWriter out;
    private final Progress progress;
    private final double seconds;
    private final Consumer<Rig> beforeReadBack;
    private final Stamps stamps = new Stamps(System.nanoTime());
    private final List<String> problems = new ArrayList<>();

    /**
     * A demo.
     *
     * @param out gets the text
     * @param progress is told how runs get on
     * @param seconds how long each run is measured; the last one twice as long
     * @param beforeReadBack a hook for tests, called between the verified load and the read-back
     */
    Demo(PrintWriter out, Progress progress, double seconds, Consumer<Rig> beforeReadBack) {
        this.out = out;
        this.progress = progress;
        this.seconds = seconds;
        this.beforeReadBack = beforeReadBack;
    }

    /** Runs it in a folder of its own below {@code parent}; true if everything was right. */
    boolean run(Path parent) {
        say("""
                rcublk demo: a disk image with %d virtqueues of %d requests each, on a block graph that changes while it is used.
                """.formatted(QUEUES, DEPTH));
        try (DemoImage image = DemoImage.make(parent, stamps)) {
            say("""
                    Image: %s, %d MiB, half of it written and half of it a hole. It is deleted at the end.

                    1. Which thread serves which queue: 4 KiB random reads (from the page cache), %.0f s each.
                       Without IOThreads one main loop serves all queues; with one IOThread the main loop is free, but one thread
                       still does all the work; with one a queue, queues share nothing but the graph, which they read without a lock.
                       This machine has %d processors: IOThreads beyond that take turns, and each turn costs.
                    """.formatted(
                            image.file(),
                            DemoImage.SIZE >> 20,
                            seconds,
                            Runtime.getRuntime().availableProcessors()));
            out.print(BenchReport.tableHead());
            mapping("no IOThread", QueueMapping.none(), image);
            mapping("one IOThread", QueueMapping.threads(1), image);
            mapping("one IOThread a queue", QueueMapping.perQueue(), image);
            changingGraph(image);
        }
        say("");
        problems.forEach(problem -> say("FAILED: " + problem));
        say(problems.isEmpty() ? "Everything was right. The image is deleted." : "The image is deleted.");
        return problems.isEmpty();
    }

    private void mapping(String name, QueueMapping mapping, DemoImage image) {
        try (Rig rig = open(new LiveGraph<>(new PlanCompiler()), image, mapping, false)) {
            List<MixedSource> sources = IntStream.range(0, QUEUES)
                    .mapToObj(job -> MixedSource.random(job, 0, DemoImage.BLOCK, DemoImage.STAMPED))
                    .toList();
            LoadSpec spec = new LoadSpec(DemoImage.BLOCK, DEPTH, span(Math.min(2, seconds)), span(seconds));
            row(name, LoadGenerator.run(rig, spec, sources, null, progress));
        }
    }

    private static Rig open(LiveGraph<PlanNode> live, DemoImage image, QueueMapping mapping, boolean writable) {
        BlockNode file = BlockNode.of("image", "file", Target.openFile(image.file(), writable));
        RawDriver raw = new RawDriver(0, RawDriver.TO_THE_END, !writable);
        BlockNode disk = BlockNode.of(DISK, "raw", raw, Edge.of("file", "image", ChildRole.DATA, ChildRole.PRIMARY));
        Target target = new Target(List.of(file, disk), DISK, writable);
        return Rig.open(new RcuAdmission(live), target, mapping, QUEUES, StorageWorkers.defaultCount());
    }

    private void changingGraph(DemoImage image) {
        say("""

                2. The graph changes under load: a filter is inserted and removed again %d times a second, and %d snapshots are taken
                   by another thread. Half of the requests are writes now. Each block carries a stamp that every read checks.
                   A change gates the nodes that it touches, waits until the requests on them have ended, and publishes the next
                   version: requests that come meanwhile are parked, none fails.
                """.formatted(CHANGES_A_SECOND / 2, SNAPSHOTS));
        LiveGraph<PlanNode> live = new LiveGraph<>(new PlanCompiler());
        try (Rig rig = open(live, image, QueueMapping.perQueue(), true)) {
            BlockGraph before = live.current().graph();
            List<StampedSource> sources = sources();
            Moment moment = verifiedLoad(rig, live, sources);
            drawings(before, moment, live.current().graph());
            beforeReadBack.accept(rig);
            readBack(rig, sources);
        }
        int open = live.retiredNotClosed();
        if (open > 0) {
            problems.add(open + " removed nodes were not closed");
        }
    }

    private List<StampedSource> sources() {
        long first = (DemoImage.STAMPED / DemoImage.BLOCK) - VERIFIED_BLOCKS / 2;
        long stamped = DemoImage.STAMPED / DemoImage.BLOCK;
        StampedDisk disk = new StampedDisk(stamps, DemoImage.BLOCK, first, VERIFIED_BLOCKS, stamped);
        return IntStream.range(0, QUEUES)
                .mapToObj(job -> new StampedSource(disk, job, QUEUES, DEPTH, WRITE_PERCENT))
                .toList();
    }

    private Moment verifiedLoad(Rig rig, LiveGraph<PlanNode> live, List<StampedSource> sources) {
        Duration ramp = span(Math.min(1, seconds));
        Duration runtime = span(2 * seconds);
        Duration every = ramp.plus(runtime).dividedBy(SNAPSHOTS + 1);
        try (GraphChanger changer = new GraphChanger(rig, CHANGES_A_SECOND);
                Snapshots snapshots = new Snapshots(changer, DISK, every, SNAPSHOTS)) {
            Moment moment = new Moment(live, snapshots::taken);
            live.addListener(moment);
            changer.start();
            snapshots.start();
            LoadSpec spec = new LoadSpec(DemoImage.BLOCK, DEPTH, ramp, runtime);
            out.print(BenchReport.tableHead());
            row("changing, verified", LoadGenerator.run(rig, spec, sources, changer, progress));
            if (snapshots.taken() < SNAPSHOTS) {
                problems.add("only " + snapshots.taken() + " of " + SNAPSHOTS + " snapshots were taken");
            }
            return moment;
        }
    }

    private void drawings(BlockGraph before, Moment moment, BlockGraph after) {
        say("""

                3. The graph: a root on top, below it filters, formats and protocols. First before the changes, then
                   while one is made (new requests wait while a node on their way is gated), and after them.
                """);
        say("before:\n" + GraphDrawing.draw(before, HashSet.empty()));
        BlockGraph during = moment.graph();
        say("during:\n" + (during == null ? "(no gate was seen)\n" : GraphDrawing.draw(during, moment.gated())));
        say("after:\n" + GraphDrawing.draw(after, HashSet.empty()));
    }

    private void readBack(Rig rig, List<StampedSource> sources) {
        List<Source> checks = sources.stream().map(StampedSource::readBack).toList();
        LoadSpec spec = new LoadSpec(DemoImage.BLOCK, DEPTH, Duration.ZERO, NO_LIMIT);
        LoadResult result = LoadGenerator.run(rig, spec, checks, null, Progress.SILENT);
        note("read-back", result);
        say("4. Read-back: %,d blocks read through the whole chain and compared, %,d wrong."
                .formatted(result.completed(), result.mismatches()));
    }

    private void row(String name, LoadResult result) {
        out.print(BenchReport.tableRow(name, result));
        out.flush();
        note(name, result);
    }

    private void note(String name, LoadResult result) {
        String problem = result.problem();
        if (problem != null) {
            problems.add(name + ": " + problem);
        }
    }

    private static Duration span(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
