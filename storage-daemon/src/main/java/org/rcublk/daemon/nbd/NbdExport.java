// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Route;
import org.rcublk.io.Device;
import org.rcublk.io.IoThread;
import org.rcublk.io.PlanNode;

/**
 * A disk that an NBD server offers under a name. One device serves all of its connections, on any number of IOThreads.
 *
 * <p>Which is why the export may say CAN_MULTI_CONN: there is no cache of a connection. Every connection submits to the
 * same device, a write is in the device when it is answered, and a flush, on whichever connection it arrives, covers
 * every write that the device has acknowledged on any of them (guarantee K).
 */
@AnyThread
public final class NbdExport {
    private final String name;
    private final byte[] nameBytes;
    private final Device device;
    private final boolean writable;
    private final LongSupplier size;
    private final String description;
    private final List<IoThread> threads;
    private final ExportCounters counters = new ExportCounters();

    /**
     * Describes an export; {@link NbdServer#addExport} offers it.
     *
     * @param name what clients ask for: at most 4096 bytes in UTF-8, without NUL; may be empty, which is the default
     *     export
     * @param device the root whose requests the clients make
     * @param writable whether clients may write
     * @param size bytes; asked when a client asks or connects, on the main loop, so it must not block; the answer then
     *     holds for that connection. A negative answer or an exception means that the disk is not there
     * @param description shown by {@code nbdinfo}; may be empty
     * @param threads the n-th accepted connection runs on entry n modulo the length; empty for the server's main loop
     * @throws IllegalArgumentException if the name is not valid
     */
    public NbdExport(
            String name,
            Device device,
            boolean writable,
            LongSupplier size,
            String description,
            List<IoThread> threads) {
        this.name = name;
        this.nameBytes = checked("export name", name);
        checked("description of export '" + name + "'", description);
        this.device = device;
        this.writable = writable;
        this.size = size;
        this.description = description;
        this.threads = List.copyOf(threads);
    }

    private static byte[] checked(String what, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Nbd.MAX_NAME || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.length + " bytes: use at most " + Nbd.MAX_NAME + ", and no NUL");
        }
        return bytes;
    }

    /**
     * The size of a device as the current version of a graph has it.
     *
     * @param live the graph that the device is a root of
     * @param device the root
     * @return bytes, or -1 when the device is not in the graph
     */
    public static LongSupplier currentSize(LiveGraph<PlanNode> live, Device device) {
        return () -> {
            Route<PlanNode> route = live.current().route(device.id());
            return route == null ? -1 : route.plan().size();
        };
    }

    /**
     * The name that clients ask for.
     *
     * @return the name, perhaps empty
     */
    public String name() {
        return name;
    }

    /**
     * The root that the export serves.
     *
     * @return the device
     */
    public Device device() {
        return device;
    }

    /**
     * Whether clients may write.
     *
     * @return false if writes are refused with EPERM
     */
    public boolean writable() {
        return writable;
    }

    /**
     * The text shown to people.
     *
     * @return the description, perhaps empty
     */
    public String description() {
        return description;
    }

    /**
     * Where connections run.
     *
     * @return the IOThreads, empty for the main loop
     */
    public List<IoThread> threads() {
        return threads;
    }

    /**
     * What the export has done so far.
     *
     * @return a snapshot
     */
    public NbdExportStats stats() {
        return counters.snapshot();
    }

    byte[] nameBytes() {
        return nameBytes;
    }

    ExportCounters counters() {
        return counters;
    }

    /** The size now, or -1 if the disk is not there. */
    long sizeNow() {
        try {
            return size.getAsLong();
        } catch (RuntimeException gone) {
            return -1;
        }
    }

    int transmissionFlags() {
        return Nbd.HAS_FLAGS
                | (writable ? 0 : Nbd.READ_ONLY)
                | Nbd.SEND_FLUSH
                | Nbd.SEND_FUA
                | Nbd.SEND_TRIM
                | Nbd.SEND_WRITE_ZEROES
                | Nbd.SEND_FAST_ZERO
                | Nbd.CAN_MULTI_CONN;
    }

    /** The IOThread of the next connection. Called once for each connection that enters the transmission phase. */
    IoThread nextThread(IoThread mainLoop) {
        long number = counters.connectionAccepted();
        return threads.isEmpty() ? mainLoop : threads.get((int) (number % threads.size()));
    }

    @Override
    public String toString() {
        return "export '" + name + "'";
    }
}
