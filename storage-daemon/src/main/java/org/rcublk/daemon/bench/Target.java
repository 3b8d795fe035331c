// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rcublk.driver.file.FileDriver;
import org.rcublk.driver.file.FileSettings;
import org.rcublk.driver.memory.MemoryDriver;
import org.rcublk.driver.nullco.NullDriver;
import org.rcublk.graph.BlockNode;

/**
 * The nodes that a load runs on, opened and in no graph yet.
 *
 * @param nodes the nodes, whose states belong to the target until a graph takes them
 * @param top the name of the node that the device sits on
 * @param writable whether the device may write
 */
public record Target(List<BlockNode> nodes, String top, boolean writable) {
    private static final String DISK = "disk";

    /**
     * A disk that does nothing, after a while.
     *
     * @param size bytes
     * @param latencyNanos how long each request takes
     * @return the target
     */
    public static Target ofNull(long size, long latencyNanos) {
        return of(BlockNode.of(DISK, "null-co", new NullDriver("null-co", size, latencyNanos, false, false)), true);
    }

    /**
     * A disk in memory.
     *
     * @param size bytes
     * @return the target
     */
    public static Target ofMemory(long size) {
        return of(BlockNode.of(DISK, "memory", new MemoryDriver(size, false)), true);
    }

    /**
     * A file.
     *
     * @param path the file, which exists
     * @param writable whether it is opened for writing
     * @return the target
     * @throws BenchException if it cannot be opened
     */
    public static Target ofFile(Path path, boolean writable) {
        return of(BlockNode.of(DISK, "file", openFile(path, writable)), writable);
    }

    /**
     * Opens a file for a node.
     *
     * @param path the file, which exists
     * @param writable whether it is opened for writing
     * @return the node's state
     * @throws BenchException if it cannot be opened
     */
    public static FileDriver openFile(Path path, boolean writable) {
        try {
            return FileDriver.open(path, new FileSettings(!writable, false, false, true));
        } catch (IOException e) {
            throw new BenchException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Target of(BlockNode node, boolean writable) {
        return new Target(List.of(node), DISK, writable);
    }
}
