// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.driver.file.FileDriver;
import org.rcublk.driver.file.FileSettings;
import org.rcublk.driver.memory.MemoryDriver;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.driver.overlay.OverlayDriver;
import org.rcublk.driver.passthrough.PassthroughDriver;
import org.rcublk.driver.raw.RawDriver;
import org.rcublk.driver.throttle.ThrottleDriver;
import org.rcublk.driver.throttle.ThrottleLimits;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.graph.Edge;
import org.rcublk.graph.Limits;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;

/**
 * The drivers by name. An entry reads the driver's options and opens its children; only when all of that is right is what
 * it returns asked to open the driver itself. To add a driver, add an entry.
 */
@GlobalState
final class DriverTable {
    /**
     * What becomes of one node's options.
     *
     * @param edges to the children
     * @param filter whether the node is a filter
     * @param open opens the driver
     * @param reopen gives a node that exists these options, null for drivers that keep those they were opened with
     */
    record Recipe(
            Vector<Edge> edges,
            boolean filter,
            Open open,
            @Nullable Reopen reopen) {
        Recipe(Vector<Edge> edges, boolean filter, Open open) {
            this(edges, filter, open, null);
        }
    }

    /**
     * What other options give.
     *
     * @param settings what the driver made of them; those of the node as it is if nothing differs
     * @param readOnly whether the node is read-only with them
     */
    record Made(NodeSettings settings, boolean readOnly) {}

    /** Makes settings of options that are right, or refuses those that the driver cannot change. */
    @FunctionalInterface
    interface Reopen {
        Made reopen(BlockNode now) throws IOException;
    }

    /** Opens a driver whose options are right. */
    @FunctionalInterface
    interface Open {
        BlockDriver open() throws IOException;
    }

    /** Reads a driver's options. */
    @FunctionalInterface
    interface Entry {
        Recipe read(DriverOptions options, NodeOpening nodes);
    }

    private static final Map<String, Entry> ENTRIES = new TreeMap<>(Map.of(
            "file", DriverTable::file,
            "memory", DriverTable::memory,
            "null", DriverTable::nullDisk,
            "null-aio", DriverTable::nullDisk,
            "null-co", DriverTable::nullDisk,
            "overlay", DriverTable::overlay,
            "passthrough", DriverTable::passthrough,
            "raw", DriverTable::raw,
            "throttle", DriverTable::throttle));

    private static final String OFF = "off";
    private static final int SECTOR = 512;
    private static final int MOST_ALIGNED = 64 << 10;

    private DriverTable() {}

    @AnyThread
    static Iterable<String> names() {
        return ENTRIES.keySet();
    }

    static @Nullable Entry find(String driver) {
        return ENTRIES.get(driver);
    }

    private static Recipe nullDisk(DriverOptions options, NodeOpening nodes) {
        long size = options.size("size", NullDriver.DEFAULT_SIZE, 0, Long.MAX_VALUE);
        long latency = options.number("latency-ns", 0, 0, Long.MAX_VALUE);
        boolean zeroes = options.flag("read-zeroes", false);
        boolean readOnly = nodes.readOnly(options);
        nodes.discardIsPassive(options);
        return leaf(() -> new NullDriver(options.driver(), size, latency, zeroes, readOnly), now -> {
            requireSize(options, size, ((NullDriver.Settings) now.settings()).size());
            return new Made(new NullDriver.Settings(size, latency, zeroes), readOnly);
        });
    }

    private static Recipe memory(DriverOptions options, NodeOpening nodes) {
        long size = options.size("size", -1, 0, MemoryDriver.MAX_SIZE);
        if (size < 0) {
            throw new OptionException("driver 'memory' needs the option '" + options.path() + "size': give it");
        }
        boolean readOnly = nodes.readOnly(options);
        nodes.discardIsPassive(options);
        Limits limits = limits(options);
        return leaf(() -> new MemoryDriver(size, readOnly, limits), now -> {
            requireSize(options, size, ((MemoryDriver.Settings) now.settings()).size());
            requireKept(
                    options,
                    "x-alignment and x-max-transfer",
                    limits,
                    now.state().limits(now));
            return new Made(now.settings(), readOnly);
        });
    }

    private static Limits limits(DriverOptions options) {
        long alignment = options.size("x-alignment", 1, 1, MOST_ALIGNED);
        if (Long.bitCount(alignment) != 1 || (alignment > 1 && alignment < SECTOR)) {
            throw options.bad("x-alignment", alignment, "1, or a power of two from " + SECTOR + " to " + MOST_ALIGNED);
        }
        long most = options.size("x-max-transfer", 0, 0, Integer.MAX_VALUE);
        if (most % alignment != 0) {
            throw options.bad(
                    "x-max-transfer", most, "0 for no limit, or a multiple of x-alignment, which is " + alignment);
        }
        return Limits.of((int) alignment, (int) most);
    }

    private static Recipe file(DriverOptions options, NodeOpening nodes) {
        String name = options.requiredText("filename");
        boolean unmap = nodes.discard(options).equals(NodeOpening.UNMAP);
        boolean lock = !options.choice("locking", "auto", "on", OFF, "auto").equals(OFF);
        options.choice("aio", "threads", "threads", "native", "io_uring");
        FileSettings settings = new FileSettings(nodes.readOnly(options), nodes.autoReadOnly(options), unmap, lock);
        Path path = path(options, name);
        return leaf(() -> FileDriver.open(path, settings), now -> {
            FileDriver driver = (FileDriver) now.state();
            requireKept(options, "filename", path, driver.path());
            requireKept(options, "locking", settings.lock() ? "on" : OFF, driver.locks() ? "on" : OFF);
            FileDriver.Reopened reopened = driver.reopen(now, settings);
            return new Made(reopened.settings(), reopened.readOnly());
        });
    }

    private static void requireSize(DriverOptions options, long given, long now) {
        if (given != now) {
            throw new OptionException("option '" + options.path() + "size' of driver '" + options.driver() + "' is "
                    + given + ", and the node has " + now + " bytes: give that, and use block_resize to change it");
        }
    }

    private static void requireKept(DriverOptions options, String name, Object given, Object now) {
        if (!given.equals(now)) {
            throw options.bad(name, given, "'" + now + "', as it is: a reopen cannot change it");
        }
    }

    private static Path path(DriverOptions options, String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw options.bad("filename", name, "the name of a file (" + e.getReason() + ")");
        }
    }

    private static Recipe raw(DriverOptions options, NodeOpening nodes) {
        long offset = options.size("offset", 0, 0, Long.MAX_VALUE);
        long size = options.size("size", RawDriver.TO_THE_END, 0, Long.MAX_VALUE);
        boolean readOnly = nodes.readOnly(options);
        String discard = options.has("discard") ? nodes.discard(options) : null;
        String child = nodes.required(options, "file", new NodeOpening.Inherited(readOnly, discard));
        long room = nodes.size(child);
        if (offset > room || (size != RawDriver.TO_THE_END && size > room - offset)) {
            throw new OptionException("options '" + options.path() + "offset' and '" + options.path()
                    + "size' of driver 'raw' reach past the end of node '" + child + "', which has " + room
                    + " bytes: choose less");
        }
        Edge edge = Edge.of("file", child, ChildRole.DATA, ChildRole.PRIMARY);
        return new Recipe(
                Vector.of(edge),
                false,
                () -> new RawDriver(offset, size, readOnly),
                now -> new Made(new RawDriver.Settings(offset, size), readOnly));
    }

    private static Recipe passthrough(DriverOptions options, NodeOpening nodes) {
        return filter(options, nodes, PassthroughDriver::new, now -> new Made(now.settings(), now.readOnly()));
    }

    private static Recipe throttle(DriverOptions options, NodeOpening nodes) {
        ThrottleLimits limits = ThrottleOptions.read(options);
        return filter(
                options,
                nodes,
                () -> new ThrottleDriver(limits),
                now -> new Made(ThrottleDriver.settings(limits), false));
    }

    private static Recipe filter(DriverOptions options, NodeOpening nodes, Open open, @Nullable Reopen reopen) {
        boolean readOnly = nodes.readOnly(options);
        if (readOnly) {
            throw options.bad("read-only", "on", "off, because a filter is as its child is");
        }
        String discard = options.has("discard") ? nodes.discard(options) : null;
        String child = nodes.required(options, "file", new NodeOpening.Inherited(false, discard));
        return new Recipe(Vector.of(Edge.filtered(child)), true, open, reopen);
    }

    private static Recipe overlay(DriverOptions options, NodeOpening nodes) {
        long cluster = options.size(
                "cluster-size", OverlayDriver.DEFAULT_CLUSTER, OverlayDriver.MIN_CLUSTER, OverlayDriver.MAX_CLUSTER);
        if (!OverlayDriver.validCluster(cluster)) {
            throw options.bad("cluster-size", cluster, "a power of two");
        }
        long largest = OverlayDriver.maxSize((int) cluster);
        long size = options.size("size", OverlayDriver.BACKING_SIZE, 0, largest);
        long delay = options.number("x-copy-delay-ns", 0, 0, Long.MAX_VALUE);
        boolean readOnly = nodes.readOnly(options);
        nodes.discardIsPassive(options);
        String backing = nodes.optional(options, "backing", new NodeOpening.Inherited(true, null));
        Vector<Edge> edges = backing == null ? Vector.empty() : Vector.of(Edge.backing(backing));
        Open open = () -> new OverlayDriver(size, (int) cluster, delay, readOnly);
        return new Recipe(edges, false, open, now -> {
            OverlayDriver driver = (OverlayDriver) now.state();
            requireKept(options, "cluster-size", cluster, (long) driver.clusterSize());
            requireKept(options, "x-copy-delay-ns", delay, driver.copyDelayNanos());
            return new Made(new OverlayDriver.Settings(overlaySize(options, nodes, size, now)), readOnly);
        });
    }

    /** Fixed by the first reopen at the latest, since that may give the overlay another backing node. */
    private static long overlaySize(DriverOptions options, NodeOpening nodes, long given, BlockNode now) {
        long size = nodes.sizeNow(now.name());
        if (given == OverlayDriver.BACKING_SIZE) {
            return size == 0 ? given : size; // nothing is below it yet
        }
        requireSize(options, given, size);
        return size;
    }

    private static Recipe leaf(Open open, Reopen reopen) {
        return new Recipe(Vector.empty(), false, open, reopen);
    }
}
