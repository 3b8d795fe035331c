// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.driver.testkit.InterleavedIo;
import org.rcublk.driver.testkit.SlowBlocks;
import org.rcublk.driver.testkit.SlowWrites;
import org.rcublk.driver.testkit.TestDisk;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.AppendOverlay;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Changes;
import org.rcublk.graph.DetachRoot;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.Grant;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.Permissions;
import org.rcublk.graph.RemoveNode;
import org.rcublk.graph.ReplaceNode;
import org.rcublk.graph.SetGrant;
import org.rcublk.io.Device;

/**
 * Random requests on several threads and random changes of the graph under them, against an array of bytes: whatever is
 * changed, each client reads what it wrote, and at the end the disk is the array. Two roots share the disk; beneath are a
 * memory, overlays, a disk of large blocks that takes its time, a throttle, or a file. jqwik prints the seed and the sample;
 * {@code @Property(seed = "…")} runs the same requests and changes again, if not at the same moments.
 */
class ChangesUnderIoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SIZE = 96 * InterleavedIo.BLOCK;
    private static final int CLIENTS = 3;
    private static final int ROUNDS = 40;
    private static final int MOST_OVERLAYS = 4;
    private static final int MOST_NODES = 20;
    private static final long SLOW_NANOS = 300_000;

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("rcublk-changes");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /**
     * A run.
     *
     * @param seed of the requests
     * @param bottom which disk is at the bottom
     * @param changes which changes are made, over and over until the requests have ended
     */
    record Program(long seed, int bottom, List<Integer> changes) {}

    @Provide
    Arbitrary<Program> programs() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers()
                                .between(0, 999)
                                .list()
                                .ofMinSize(3)
                                .ofMaxSize(12))
                .as(Program::new);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void requestsFindWhatTheyWrote(@ForAll("programs") Program program) throws Exception {
        try (TestDisk disk = TestDisk.empty(2);
                ExecutorService control = Executors.newSingleThreadExecutor()) {
            disk.attach(bottom(disk, program), true);
            disk.commit(new InsertFilter("n0", slow("slow", program.seed(), "n0")));
            Device second = disk.attach("second", "slow");
            for (String root : List.of("disk", "second")) { // which put up with resizes
                disk.commit(new SetGrant(root, new Grant(Grant.export(true).used(), Permissions.ALL)));
            }
            disk.add(Map.of("driver", "null-co", "node-name", "spare"));
            Device spare = disk.attach("spare-root", "spare");
            AtomicBoolean over = new AtomicBoolean();
            Changer changer = new Changer(disk, program);
            Future<Integer> changes = control.submit(() -> changer.run(over));
            try {
                new InterleavedIo(new byte[SIZE], program.seed())
                        .run(disk, List.of(disk.device(), second), CLIENTS, 2, ROUNDS);
            } finally {
                over.set(true);
            }
            assertTrue(changes.get(60, TimeUnit.SECONDS) > 0, "no change was made");
            assertEquals(0, disk.live().current().gatedNodes().size());
            assertEquals(0, disk.device().parkedRequests() + second.parkedRequests() + spare.parkedRequests());
            disk.commit(new DetachRoot("second"));
            disk.commit(new DetachRoot("spare-root"));
        }
    }

    private static Map<String, Object> throttle(int iops) {
        return Map.of("driver", "throttle", "node-name", "n0", "file", "m0", "limits.iops-total", iops);
    }

    private static String bottom(TestDisk disk, Program program) throws IOException {
        return switch (program.bottom()) {
            case 0 -> disk.add(Map.of("driver", "memory", "size", SIZE, "node-name", "n0"));
            case 1 ->
                disk.add(Map.of(
                        "driver",
                        "overlay",
                        "size",
                        SIZE,
                        "cluster-size",
                        "4k",
                        "x-copy-delay-ns",
                        20_000,
                        "node-name",
                        "n0"));
            case 2 ->
                disk.add(Map.of(
                        "driver",
                        "overlay",
                        "node-name",
                        "n0",
                        "backing.driver",
                        "raw",
                        "backing.file.driver",
                        "memory",
                        "backing.file.size",
                        SIZE));
            case 3, 4 -> {
                int block = program.bottom() == 3 ? 4096 : 1 << 16;
                disk.add(BlockNode.of("n0", "slow-blocks", new SlowBlocks(SIZE, block, program.seed(), SLOW_NANOS)));
                yield "n0";
            }
            case 5 -> {
                disk.add(Map.of("driver", "memory", "size", SIZE, "node-name", "m0"));
                yield disk.add(throttle(20_000));
            }
            default -> {
                Path file = Files.write(folder.resolve("disk" + program.seed()), new byte[SIZE]);
                yield disk.add(Map.of("driver", "file", "filename", file.toString(), "node-name", "n0"));
            }
        };
    }

    /** Over each layer, so that writes to it are in flight when the next is put over it. */
    private static BlockNode slow(String name, long seed, String over) {
        return BlockNode.filter(name, "slow-writes", new SlowWrites(seed, SLOW_NANOS), over);
    }

    /** Makes changes one after the other. One thread's. */
    private static final class Changer {
        private final TestDisk disk;
        private final Random random;
        private final List<Integer> changes;
        private int names;
        private int overlays;
        private int made;

        Changer(TestDisk disk, Program program) {
            this.disk = disk;
            this.random = new Random(program.seed() ^ 0x5eed);
            this.changes = program.changes();
        }

        int run(AtomicBoolean over) {
            for (int i = 0; i < changes.size() || !over.get(); i++) {
                change(changes.get(i % changes.size()));
            }
            return made;
        }

        private void change(int number) {
            String node = pick(number, false);
            String filter = pick(number, true);
            int what = filter == null ? 0 : graph().nodes().size() > MOST_NODES ? 2 : number % 10;
            switch (what) {
                case 0, 1 -> commit(new InsertFilter(node, filter(node)), PATIENCE);
                case 2 -> commit(new DropFilter(filter), PATIENCE);
                case 3 -> append();
                case 4 -> hold(node);
                case 5 -> {
                    BlockNode brief = filter(node);
                    commit(Changes.of(new InsertFilter(node, brief), new DropFilter(brief.name())), PATIENCE);
                }
                case 6 -> swap(filter);
                case 7 -> tune();
                case 8 -> both(node);
                default -> commit(new InsertFilter(node, filter(node)), Duration.ofNanos(random.nextInt(200_000)));
            }
        }

        /** Other options of the node at the bottom, or another size and back. */
        private void tune() {
            String driver = graph().node("n0").driver();
            if (driver.equals("throttle")) {
                disk.reopen(throttle(5_000 + random.nextInt(40_000)));
                made++;
            } else if (driver.equals("file")) {
                Map<String, Object> options =
                        new LinkedHashMap<>(graph().node("n0").options().toJavaMap());
                options.putAll(Map.of(
                        "driver", "file", "node-name", "n0", "discard", random.nextBoolean() ? "unmap" : "ignore"));
                disk.reopen(options);
                made++;
            } else if (driver.equals("memory") && overlays == 0) {
                resize(SIZE + 4096 * random.nextInt(64));
                resize(SIZE);
            }
        }

        private void resize(int size) {
            try {
                disk.resize("n0", size);
                made++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Two disks in one version. */
        private void both(String node) {
            BlockNode one = filter(node);
            BlockNode other = filter("spare");
            commit(Changes.of(new InsertFilter(node, one), new InsertFilter("spare", other)), PATIENCE);
            commit(Changes.of(new DropFilter(other.name()), new DropFilter(one.name())), PATIENCE);
        }

        /** Another filter in a filter's place. */
        private void swap(String old) {
            String below = graph().node(old).children().head().child();
            BlockNode filter = filter(below);
            commit(Changes.of(AddNodes.of(filter), new ReplaceNode(old, filter.name()), new RemoveNode(old)), PATIENCE);
        }

        private void append() {
            if (overlays++ < MOST_OVERLAYS) {
                String name = "o" + names++;
                Map<String, Object> options = new LinkedHashMap<>();
                options.put("driver", "overlay");
                options.put("node-name", name);
                options.put("cluster-size", 512 << random.nextInt(6));
                options.put("x-copy-delay-ns", random.nextInt(2) * 30_000);
                disk.add(options);
                BlockNode slow = slow("slow-" + name, random.nextLong(), name);
                String top = graph().root("disk").node();
                commit(Changes.of(new AppendOverlay(top, name), new InsertFilter(name, slow)), PATIENCE);
            }
        }

        private void hold(String node) {
            try (Drain<?> drain = disk.live().drain(List.of(node), PATIENCE)) {
                if (random.nextBoolean()) {
                    drain.change(new InsertFilter(node, filter(node)));
                    made++;
                }
            }
        }

        private void commit(GraphChange change, Duration patience) {
            try {
                disk.live().commit(change, patience);
                made++;
            } catch (DrainTimeoutException e) {
                assertTrue(patience.compareTo(PATIENCE) < 0, e.getMessage());
            }
        }

        private BlockNode filter(String node) {
            return BlockNode.filter("f" + names++, "passthrough", new PassthroughDriver(), node);
        }

        private BlockGraph graph() {
            return disk.live().current().graph();
        }

        /** A node that the disk reaches, or a filter to drop; null when there is none. */
        private String pick(int number, boolean filter) {
            List<String> found = new ArrayList<>();
            for (String name : graph().reach("disk").toSortedSet()) {
                if (!filter || graph().node(name).driver().equals("passthrough")) {
                    found.add(name);
                }
            }
            return found.isEmpty() ? null : found.get(number % found.size());
        }
    }
}
